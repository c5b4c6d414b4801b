// SPDX-License-Identifier: Apache-2.0
// Rows of event logs: devices, volumes and printers. Data names: the providers' manifests as Windows registers them.
#include <array>

#include "artifacts/evtx_meaning.h"

namespace triage {
namespace {
using enum EvtxSlot;
using F = EvtxFieldRule;
using R = EvtxEventRule;

constexpr std::string_view kPartition = "Microsoft-Windows-Partition";
constexpr std::string_view kPnp = "Microsoft-Windows-Kernel-PnP";
constexpr std::string_view kUmdf = "Microsoft-Windows-DriverFrameworks-UserMode";
constexpr std::string_view kUserPnp = "Microsoft-Windows-UserPnp";
constexpr std::string_view kPrint = "Microsoft-Windows-PrintService";
constexpr std::string_view kVhd = "Microsoft-Windows-VHDMP";
constexpr std::string_view kNtfs = "Microsoft-Windows-Ntfs";

constexpr F kDisk[] = {{kObject, "ParentId"},
                       {kObjectSize, "Capacity"},
                       {kAttribute, "Manufacturer", "vendor"},
                       {kAttribute, "Model", "model"},
                       {kAttribute, "Revision", "revision"},
                       {kAttribute, "SerialNumber", "serial"},
                       {kAttribute, "BusType", "bus"},
                       {kAttribute, "DiskId", "disk"},
                       {kAttribute, "DiskNumber", "disk_number"},
                       {kAttribute, "RegistryId", "registry_id"},
                       {kAttribute, "UserRemovalPolicy", "removal_policy"}};
constexpr F kPnpDevice[] = {{kObject, "DeviceInstanceId"},
                            {kObject, "DriverName"},
                            {kAttribute, "DriverName", "driver"},
                            {kAttribute, "ClassGuid", "device_class"},
                            {kAttribute, "ParentDeviceInstanceId", "parent"},
                            {kAttribute, "Status", "status"},
                            {kAttribute, "ServiceName", "service"}};
constexpr F kHostDevice[] = {{kObject, "InstanceId"},
                             {kObject, "instance"},
                             {kObject, "UMDFHostDeviceArrivalBegin@instance"},
                             {kObject, "UMDFHostAddDeviceBegin@instance"},
                             {kObject, "UMDFHostAddDeviceEnd@instance"},
                             {kObject, "UMDFHostDeviceRequest@instance"},
                             {kObject, "UMDFDeviceInstallBegin@instance"},
                             {kObject, "UMDFDriverManagerHostCreateStart@instance"},
                             {kAttribute, "UMDFHostDeviceArrivalBegin@lifetime", "lifetime"},
                             {kAttribute, "UMDFHostDeviceRequest@lifetime", "lifetime"},
                             {kAttribute, "RequestMajorCode", "major"},
                             {kAttribute, "RequestMinorCode", "minor"}};
constexpr F kInstall[] = {{kObject, "DeviceInstanceID"},
                          {kAttribute, "DriverName", "driver"},
                          {kAttribute, "DriverDescription", "device"},
                          {kAttribute, "SetupClass", "device_class"},
                          {kAttribute, "InstallStatus", "status"},
                          {kAttribute, "ServiceName", "service"}};
constexpr F kPrinted[] = {{kObject, "Param2"},
                          {kWho, "Param3"},
                          {kRemote, "Param4"},
                          {kObjectSize, "Param7"},
                          {kAttribute, "Param1", "job"},
                          {kAttribute, "Param5", "printer"},
                          {kAttribute, "Param6", "printer_port"},
                          {kAttribute, "Param8", "pages"}};
constexpr F kDiskImage[] = {{kObjectPath, "VhdFileName"}, {kObjectPath, "VhdFile"}};
constexpr F kVolumeRow[] = {{kObject, "VolumeName"},
                            {kObject, "VolumeGuid"},
                            {kVolume, "VolumeLabel"},
                            {kVolume, "VolumeName"},
                            {kAttribute, "VendorId", "vendor"},
                            {kAttribute, "ProductId", "model"},
                            {kAttribute, "DeviceSerialNumber", "serial"},
                            {kAttribute, "BusType", "bus"}};

constexpr R host(std::uint32_t id, std::string_view what, std::string_view how) {
  return {kUmdf, id, what, "device", how, {}, kHostDevice};
}

constexpr std::array kRules = {
    // Logged when a disk comes and when it goes; one that is gone has no capacity.
    R{kPartition,
      1006,
      action::kDeviceConnected,
      "device",
      "disk arrived",
      {},
      kDisk,
      {"Capacity", "0", action::kDeviceDisconnected, "disk removed"}},
    R{kPnp, 400, action::kDeviceConnected, "device", "device configured", {}, kPnpDevice},
    R{kPnp, 401, action::kLogRecorded, "device", "device could not be configured", {}, kPnpDevice},
    R{kPnp, 410, action::kDeviceConnected, "device", "device started", {}, kPnpDevice},
    R{kPnp, 411, action::kLogRecorded, "device", "device had a problem when it started", {}, kPnpDevice},
    R{kPnp, 420, action::kConfigChanged, "device", "device deleted", {}, kPnpDevice},
    R{kPnp, 430, action::kLogRecorded, "device", "device needs further installation", {}, kPnpDevice},
    R{kPnp, 442, action::kConfigChanged, "device", "settings moved from another device", {}, kPnpDevice},
    R{kPnp, 219, action::kLogRecorded, "device", "driver could not be loaded", {}, kPnpDevice},
    host(1003, action::kLogRecorded, "driver manager starts a host process"),
    host(2003, action::kDeviceConnected, "host process asked to load drivers"),
    host(2004, action::kLogRecorded, "host process loads a driver"),
    host(2005, action::kLogRecorded, "host process loaded a module"),
    host(2006, action::kLogRecorded, "driver loaded"),
    host(2010, action::kDeviceConnected, "host process loaded the drivers"),
    R{kUmdf,
      2100,
      action::kLogRecorded,
      "device",
      "power or plug-and-play request received",
      {},
      kHostDevice,
      {"RequestMinorCode", "23", action::kDeviceDisconnected, "surprise removal received"}},
    host(2101, action::kLogRecorded, "power or plug-and-play request completed"),
    R{kUmdf,
      2102,
      action::kLogRecorded,
      "device",
      "power or plug-and-play request forwarded",
      {},
      kHostDevice,
      {"RequestMinorCode", "23", action::kDeviceDisconnected, "surprise removal forwarded"}},
    host(2105, action::kLogRecorded, "power or plug-and-play request forwarded to the lower driver"),
    host(2106, action::kLogRecorded, "power or plug-and-play request completed by the lower driver"),
    R{kUserPnp, 20001, action::kConfigChanged, "device", "driver installed", {}, kInstall},
    R{kUserPnp, 20003, action::kConfigChanged, "device", "service added for a device", {}, kInstall},
    R{kNtfs, 98, action::kLogRecorded, "volume", "volume is healthy", {}, kVolumeRow},
    R{kNtfs, 142, action::kLogRecorded, "volume", "space of a volume", {}, kVolumeRow},
    R{kNtfs, 145, action::kDeviceConnected, "volume", "volume mounted", {}, kVolumeRow},
    R{kVhd, 1, action::kDeviceConnected, "disk image", "disk image surfaced", {}, kDiskImage},
    R{kVhd, 2, action::kDeviceDisconnected, "disk image", "disk image removed", {}, kDiskImage},
    R{kVhd, 12, action::kLogRecorded, "disk image", "handle to a disk image opened", {}, kDiskImage},
    R{kPrint, 307, action::kDocumentPrinted, "document", "document printed", "print", kPrinted},
    R{kPrint, 805, action::kLogRecorded, "document", "print job rendered", "print", kPrinted},
    R{kPrint, 842, action::kLogRecorded, "document", "print job isolated", "print", kPrinted},
};

}  // namespace

std::span<const EvtxEventRule> evtx_device_events() { return kRules; }

}  // namespace triage
