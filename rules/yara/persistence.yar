// SPDX-License-Identifier: Apache-2.0
// Settings that make a program start by itself.

rule RunKey_Registry_File : any_type
{
  meta:
    id = "TRG-PER-001"
    title_en = "Registry file that adds a script to a Run key"
    title_ja = "Runキーにスクリプト等を登録するレジストリファイル"
    severity = "medium"
    technique = "T1547.001"
    step = "3"
    question = "persistence_present"
    reference = "MITRE ATT&CK T1547.001 Registry Run Keys / Startup Folder, https://attack.mitre.org/techniques/T1547/001/"
    alternatives_en = "Installers of ordinary software write the same settings."
    alternatives_ja = "通常のソフトウェアのインストーラも同様の設定を書く。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Live hives are read by their own parser, not by this rule."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。実際のハイブは別の解析機能で扱う。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $h1 = "stry Editor Version" ascii wide
    $h2 = "REGEDIT4" ascii wide
    $run = /\\CurrentVersion\\Run(Once)?\]/ ascii wide nocase
    $v1 = /"=\s?"[^\r\n]{0,120}(powershell|mshta|wscript|cscript|regsvr32|bitsadmin|certutil|cmd\.exe|cmd \/c)/ ascii wide nocase
    $v2 = /"="[^\r\n]{0,80}(\\Temp\\|\\Users\\{1,2}Public\\|%TEMP%|\\PerfLogs\\)/ ascii wide nocase
  condition:
    filesize < 1MB and any of ($h1, $h2) and $run and any of ($v1, $v2)
}

rule Scheduled_Task_Encoded_PowerShell : any_type
{
  meta:
    id = "TRG-PER-002"
    title_en = "Scheduled task that runs encoded or hidden PowerShell"
    title_ja = "符号化・非表示のPowerShellを実行するタスク"
    severity = "high"
    technique = "T1053.005"
    step = "3"
    question = "persistence_present"
    reference = "MITRE ATT&CK T1053.005 Scheduled Task, https://attack.mitre.org/techniques/T1053/005/ ; Microsoft, Task Scheduler Schema"
    alternatives_en = "Installers of ordinary software write the same settings."
    alternatives_ja = "通常のソフトウェアのインストーラも同様の設定を書く。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $ns = "schemas.microsoft.com/windows/2004/02/mit/task" ascii wide
    $ps = "powershell" ascii wide nocase
    $arg1 = /<Arguments>[^<]{0,200}-(e|ec|en|enc|encodedcommand)\s{1,3}[A-Za-z0-9+\/=]{40}/ ascii wide nocase
    $arg2 = /<Arguments>[^<]{0,200}(FromBase64String|DownloadString|IEX[ (]|Invoke-Expression)/ ascii wide nocase
  condition:
    filesize < 1MB and $ns and $ps and any of ($arg1, $arg2)
}

rule Cron_Or_Systemd_Remote_Code : any_type
{
  meta:
    id = "TRG-PER-003"
    title_en = "cron or systemd entry that opens a shell or runs downloaded code"
    title_ja = "逆接続やダウンロードしたコードを実行するcron・systemd設定"
    severity = "high"
    technique = "T1053.003"
    step = "3"
    question = "persistence_present"
    reference = "MITRE ATT&CK T1053.003 Cron, https://attack.mitre.org/techniques/T1053/003/ ; MITRE ATT&CK T1543.002 Systemd Service, https://attack.mitre.org/techniques/T1543/002/"
    alternatives_en = "Vendor update jobs that pipe a download to a shell."
    alternatives_ja = "ダウンロードをシェルに渡す製品の更新処理。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $sd = /\nExecStart(Pre|Post)?=[^\r\n]{0,200}(\/de[v]\/tcp\/|(curl|wget)\s[^\r\n|]{4,160}\|\s?(sudo )?(ba|da|z)?sh\b|base64 (-d|--decode)\s?\|\s?(ba)?sh)/ ascii
    $cr1 = /@(reboot|hourly|daily)\s[^\r\n]{0,200}(\/de[v]\/tcp\/|(curl|wget)\s[^\r\n|]{4,160}\|\s?(ba|da|z)?sh\b|base64 (-d|--decode)\s?\|\s?(ba)?sh)/ ascii
    $cr2 = /(\*|[0-9]) \* \* \*\s[^\r\n]{0,120}(\/de[v]\/tcp\/|(curl|wget)\s[^\r\n|]{4,160}\|\s?(ba|da|z)?sh\b|base64 (-d|--decode)\s?\|\s?(ba)?sh)/ ascii
  condition:
    filesize < 4MB and any of them
}

rule WMI_Event_Subscription_Script : any_type
{
  meta:
    id = "TRG-PER-004"
    title_en = "Script or MOF that makes a WMI event subscription"
    title_ja = "WMIイベントサブスクリプションを作るスクリプト・MOF"
    severity = "high"
    technique = "T1546.003"
    step = "3"
    question = "persistence_present"
    reference = "MITRE ATT&CK T1546.003 Windows Management Instrumentation Event Subscription, https://attack.mitre.org/techniques/T1546/003/"
    alternatives_en = "Management products use subscriptions."
    alternatives_ja = "管理製品もサブスクリプションを使う。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $f = "__EventFilter" ascii wide nocase
    $b = "__FilterToConsumerBinding" ascii wide nocase
    $c1 = "ndLineEventConsumer" ascii wide
    $c2 = "veScriptEventConsumer" ascii wide
    $t1 = "neTemplate" ascii wide
    $t2 = "ptText" ascii wide
    $t3 = "blePath" ascii wide
  condition:
    filesize < 1MB and $f and $b and any of ($c*) and any of ($t*)
}

rule Accessibility_Program_Debugger : any_type
{
  meta:
    id = "TRG-PER-005"
    title_en = "Debugger set on a log-on accessibility program (sticky keys)"
    title_ja = "ログオン画面のアクセシビリティ機能にデバッガを設定（固定キー悪用）"
    severity = "critical"
    technique = "T1546.008"
    step = "3"
    question = "persistence_present"
    reference = "MITRE ATT&CK T1546.008 Accessibility Features, https://attack.mitre.org/techniques/T1546/008/"
    alternatives_en = "Password rescue by an administrator."
    alternatives_ja = "管理者によるパスワード復旧。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $reg = /Image File Execution Options\\(sethc|utilman|osk|narrator|magnify|displayswitch|atbroker)\.exe/ ascii wide nocase
    $dbg = "Debugger" ascii wide fullword
    $cmd1 = "cmd.exe" ascii wide nocase
    $cmd2 = "powershell" ascii wide nocase
    $cmd3 = "taskmgr.exe" ascii wide nocase
    $copy = /cmd\.exe["']?\s[^\r\n]{0,80}(sethc|utilman|narrator|displayswitch)\.exe/ ascii wide nocase
  condition:
    filesize < 1MB and ($copy or ($reg and $dbg and any of ($cmd*)))
}

rule Service_Create_With_Shell : any_type
{
  meta:
    id = "TRG-PER-006"
    title_en = "Command that creates a service running a shell or a temporary file"
    title_ja = "シェルや一時フォルダの実行ファイルをサービス登録するコマンド"
    severity = "high"
    technique = "T1543.003"
    step = "3"
    question = "persistence_present"
    reference = "MITRE ATT&CK T1543.003 Windows Service, https://attack.mitre.org/techniques/T1543/003/"
    alternatives_en = "Installers of ordinary software write the same settings."
    alternatives_ja = "通常のソフトウェアのインストーラも同様の設定を書く。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $sc = /\b[c]r[e]ate\s[^\r\n]{1,80}binpath[=]\s{0,2}["'\\]{0,3}[^\r\n]{0,60}(cmd(\.exe)? \/c|%comspec%|powershell|\\Temp\\|\\Users\\Public\\|\\ADMIN\$\\|\\PerfLogs\\)/ ascii wide nocase
    $ns = /[n][e]w-Service\s[^\r\n]{0,120}BinaryPathName[^\r\n]{0,60}(cmd(\.exe)? \/c|powershell|\\Temp\\|\\Users\\Public\\)/ ascii wide nocase
  condition:
    any of them
}
