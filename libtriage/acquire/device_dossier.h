// SPDX-License-Identifier: Apache-2.0
// DeviceDossier: what a source says of itself before its first byte is read, by sysfs, ioctl and SG_IO; who uses it;
// what could not be asked and why. Only commands that read are sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace triage {

/// One mount of the source, of a partition of it or of what is built on it.
struct SourceMount {
  std::string device;
  std::string folder;
  std::string file_system;
  bool writable = false;
};

struct DeviceDossier {
  std::string path;
  std::string kind;    ///< "device", "partition", "file"
  std::string number;  ///< "8:16"; empty for files
  std::uint64_t size = 0;
  std::uint32_t logical_sector = 512;
  std::optional<std::uint32_t> physical_sector;
  std::string vendor, model, serial, wwn, firmware;  ///< empty: not said
  std::optional<bool> rotational, removable;
  std::optional<std::uint64_t> start;           ///< of a partition, bytes in its disk
  std::string disk;                             ///< of a partition
  std::string backing_file;                     ///< of a loop device
  std::optional<std::uint64_t> user_sectors;    ///< as the drive answers READ and IDENTIFY
  std::optional<std::uint64_t> native_sectors;  ///< READ NATIVE MAX ADDRESS: more than user_sectors is an HPA
  std::optional<std::uint64_t> dco_sectors;     ///< DEVICE CONFIGURATION IDENTIFY: more is a DCO
  std::string smart_hex;                        ///< 512 bytes of SMART READ DATA in hex
  std::string identify_hex;                     ///< 512 bytes of IDENTIFY DEVICE in hex
  std::vector<std::pair<std::string, std::string>> partitions;  ///< {name, "start+sectors" in 512-byte units}
  std::vector<std::string> holders;                             ///< what is built on it (dm, md, loop)
  std::vector<SourceMount> mounts;
  std::vector<std::pair<std::string, std::string>> not_asked;  ///< {what, why}

  [[nodiscard]] bool mounted_writable() const;
  /// Sectors the drive hides from reads, where it said.
  [[nodiscard]] std::optional<std::uint64_t> hidden_sectors() const;
  /// What makes it the same source again: serial, WWN and size where there are such.
  [[nodiscard]] std::string identity() const;
  /// One JSON object.
  [[nodiscard]] std::string json() const;
};

/// Examines a block device or a file. kUnreadable where it cannot be opened.
Result<DeviceDossier> examine_source(const std::string& path);

/// A soft write block: BLKROSET on a device and its partitions. It binds what is opened from now on and the kernel can
/// undo it; a hardware write blocker is the sure way.
class SoftWriteBlock {
 public:
  /// Sets it; what cannot be set is noted, not an error. Files and devices in use get none.
  static SoftWriteBlock set(const DeviceDossier& dossier);
  /// Reads it back: one JSON object {"kind":"soft","devices":[{"device","was","set","read_only","errno"}]}.
  [[nodiscard]] std::string read_back() const;
  /// Every device of it reads as read-only now.
  [[nodiscard]] bool holds() const;
  /// "soft write block on /dev/sdb, /dev/sdb1", "none: …".
  [[nodiscard]] std::string words() const;

 private:
  struct Device {
    std::string path;
    bool was = false;
    int sys_errno = 0;  // of BLKROSET
  };
  std::vector<Device> devices_;
  std::string why_not_;
};

}  // namespace triage
