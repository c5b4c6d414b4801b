# SPDX-License-Identifier: Apache-2.0
"""ext2/3/4 volumes by mke2fs and debugfs, then bent by hand (checksums are switched off).

Spec: kernel Documentation/filesystems/ext4 (superblock, group descriptors, inodes, extents).
"""
import os
import re
import struct
import tempfile

from kit import le, patch, tool

UUID = "11111111-2222-3333-4444-555555555555"


class ExtVolume:
    """`files`: path -> bytes or None for a folder. Names are placeholders where they are evil."""

    def __init__(self, files, size_kib=1024, kind="ext2", block=1024, features="^metadata_csum,"
                 "^dir_index,^resize_inode,^64bit", inodes=128):
        self.block = block
        with tempfile.TemporaryDirectory() as scratch:
            image = os.path.join(scratch, "image")
            tool("mke2fs", "-q", "-F", "-t", kind, "-b", str(block), "-O", features, "-I", "128",
                 "-m", "0", "-N", str(inodes), "-U", UUID,
                 "-E", f"hash_seed={UUID},lazy_itable_init=0,root_owner=0:0", image, f"{size_kib}K")
            script = []
            for number, (path, data) in enumerate(files.items()):
                if data is None:
                    script.append(f"mkdir {path}")
                elif isinstance(data, str):
                    script.append(f"symlink {path} {data}")
                else:
                    source = os.path.join(scratch, f"f{number}")
                    with open(source, "wb") as out:
                        out.write(data)
                    os.chmod(source, 0o644)
                    script.append(f"write {source} {path}")
            tool("debugfs", "-w", "-f", "-", image, stdin="\n".join(script).encode())
            asked = "\n".join(f"stat {path}" for path in files).encode()
            found = re.findall(r"^Inode: (\d+)", tool("debugfs", "-f", "-", image, stdin=asked),
                               re.MULTILINE)
            self.inode_numbers = dict(zip(files, map(int, found), strict=True))
            with open(image, "rb") as stream:
                self.bytes = bytearray(stream.read())
        self.inodes_per_group = struct.unpack_from("<I", self.bytes, 1024 + 40)[0]

    def inode_at(self, number):
        """Byte offset of inode `number` (1-based), 128-byte inodes."""
        group, index = divmod(number - 1, self.inodes_per_group)
        descriptors = (1024 // self.block + 1) * self.block
        table = struct.unpack_from("<I", self.bytes, descriptors + 32 * group + 8)[0]
        return table * self.block + index * 128

    def block_map(self, number):
        return list(struct.unpack_from("<15I", self.bytes, self.inode_at(number) + 40))

    def first_block(self, number):
        """The first content block, by block map or by the inode's first extent."""
        flags, = struct.unpack_from("<I", self.bytes, self.inode_at(number) + 32)
        return self.block_map(number)[5 if flags & 0x80000 else 0]

    def set_block_map(self, number, blocks):
        patch(self.bytes, self.inode_at(number) + 40, le("15I", *blocks))

    def set_size(self, number, size, directory=False):
        patch(self.bytes, self.inode_at(number) + 4, le("I", size & 0xFFFFFFFF))
        if not directory:
            patch(self.bytes, self.inode_at(number) + 108, le("I", size >> 32))

    def set_dirent(self, folder, name, inode=None, record=None, file_type=None, new_name=None):
        """Bends one entry of a one-block folder."""
        at = self.first_block(self.inode_numbers.get(folder, 2)) * self.block
        end = at + self.block
        while at < end:
            _, length, name_length = struct.unpack_from("<IHB", self.bytes, at)
            if self.bytes[at + 8:at + 8 + name_length] == name:
                if inode is not None:
                    patch(self.bytes, at, le("I", inode))
                if record is not None:
                    patch(self.bytes, at + 4, le("H", record))
                if file_type is not None:
                    patch(self.bytes, at + 7, bytes([file_type]))
                if new_name is not None:
                    patch(self.bytes, at + 6, bytes([len(new_name)]))
                    patch(self.bytes, at + 8, new_name)
                return
            at += length
        raise ValueError(f"no entry {name!r} in {folder}")
