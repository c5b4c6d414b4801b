// SPDX-License-Identifier: Apache-2.0
// Owning handles of libtsk's objects and its thread-local error turned into text. Only evidence/ includes this.
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <tsk/libtsk.h>
#pragma GCC diagnostic pop

#include <memory>
#include <string>

namespace triage {

struct TskImgClose {
  void operator()(TSK_IMG_INFO* image) const { tsk_img_close(image); }
};
struct TskVsClose {
  void operator()(TSK_VS_INFO* table) const { tsk_vs_close(table); }
};
struct TskFsClose {
  void operator()(TSK_FS_INFO* file_system) const { tsk_fs_close(file_system); }
};
struct TskDirClose {
  void operator()(TSK_FS_DIR* directory) const { tsk_fs_dir_close(directory); }
};
struct TskFileClose {
  void operator()(TSK_FS_FILE* file) const { tsk_fs_file_close(file); }
};
struct TskPoolClose {
  void operator()(const TSK_POOL_INFO* pool) const { tsk_pool_close(pool); }
};

using TskImgHandle = std::unique_ptr<TSK_IMG_INFO, TskImgClose>;
using TskVsHandle = std::unique_ptr<TSK_VS_INFO, TskVsClose>;
using TskFsHandle = std::unique_ptr<TSK_FS_INFO, TskFsClose>;
using TskDirHandle = std::unique_ptr<TSK_FS_DIR, TskDirClose>;
using TskFileHandle = std::unique_ptr<TSK_FS_FILE, TskFileClose>;
using TskPoolHandle = std::unique_ptr<const TSK_POOL_INFO, TskPoolClose>;

/// What the last failed call of this thread said, and clears it. The text may hold bytes of evidence.
std::string take_tsk_error();

/// True when the last autodetection of this thread failed because several kinds fit ("NTFS or FAT").
bool tsk_found_several();

}  // namespace triage
