// SPDX-License-Identifier: Apache-2.0
// What messages of Linux services say: logons, sudo, accounts, cron jobs, USB devices, units, starts and stops. The
// same words come through syslog files and through the systemd journal.
#pragma once

#include <array>
#include <string_view>

#include "artifacts/parser.h"

namespace triage {

/// Fills who, where, what and how of `out` from one message of `program` (its syslog tag); log.recorded where the
/// message is none of those known. Adds attributes of kMessageFields only. `out.program` is not touched.
void describe_linux_message(std::string_view program, std::string_view message, Event& out);

inline constexpr std::array kMessageFields = {
    FieldSpec{"method", "", "how the logon was proven: password, publickey …"},
    FieldSpec{"remote_port", "count", "port of the other side"},
    FieldSpec{"key", "", "fingerprint of the key that was used"},
    FieldSpec{"terminal", "", "terminal the command was given on"},
    FieldSpec{"directory", "", "working directory of the command"},
    FieldSpec{"as_user", "", "account the command runs as"},
    FieldSpec{"account_id", "count", "user or group id of the account"},
    FieldSpec{"group", "", "group the account was added to or removed from"},
    FieldSpec{"vendor_id", "hex", "USB vendor"},
    FieldSpec{"product_id", "hex", "USB product"},
    FieldSpec{"serial", "", "serial number of the device"},
    FieldSpec{"usb_port", "", "bus and port the device is plugged into"},
    FieldSpec{"kernel", "", "version of the kernel"}};

}  // namespace triage
