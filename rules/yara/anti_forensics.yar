// SPDX-License-Identifier: Apache-2.0
// Wiping tools, deletion of logs, shadow copies and journals, changed time stamps.

rule SDelete_Use : any_type
{
  meta:
    id = "TRG-AFR-001"
    title_en = "SDelete program, command line or accepted licence"
    title_ja = "SDeleteの本体・コマンド・使用許諾の痕跡"
    severity = "medium"
    technique = "T1070.004"
    step = "3"
    question = "anti_forensics_present"
    reference = "Microsoft Sysinternals, SDelete, https://learn.microsoft.com/sysinternals/downloads/sdelete ; MITRE ATT&CK T1070.004 File Deletion, https://attack.mitre.org/techniques/T1070/004/"
    alternatives_en = "Disposal or clean-up under the organisation's rules."
    alternatives_ja = "社内規程に基づく廃棄・清掃作業。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $key = "Sysinternals\\SDelete" ascii wide nocase
    $cmd = /\bsdelete(64|64a)?(\.exe)?["']?\s{1,3}(-accepteula|\/accepteula|-p [0-9]|-[rsqcz]\s)[^\r\n]{1,120}/ ascii wide nocase
    $ban = "SDelete - Secure file delete" ascii wide nocase
    $ban2 = "SDelete is set for" ascii wide nocase
  condition:
    any of them
}

rule BleachBit_Use : any_type
{
  meta:
    id = "TRG-AFR-002"
    title_en = "BleachBit settings or command line"
    title_ja = "BleachBitの設定・コマンド"
    severity = "medium"
    technique = "T1070.004"
    step = "3"
    question = "anti_forensics_present"
    reference = "BleachBit documentation, https://docs.bleachbit.org/ ; MITRE ATT&CK T1070.004 File Deletion, https://attack.mitre.org/techniques/T1070/004/"
    alternatives_en = "Disposal or clean-up under the organisation's rules."
    alternatives_ja = "社内規程に基づく廃棄・清掃作業。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $ini = /\[bleachbit\]\r?\n/ ascii wide
    $k1 = /\nshred ?= ?(True|False)/ ascii wide
    $k2 = /\n[a]ut[o]_hide/ ascii wide
    $k3 = "te_confirmation" ascii wide
    $cmd = /bleachbit(_console)?(\.exe)?["']?\s{1,3}[^\r\n]{0,60}(--clean|-c|--shred|-s|--wipe-free-space|-w)\s{1,3}[a-z\/~A-Z][^\r\n]{1,120}/ ascii wide
  condition:
    $cmd or (filesize < 256KB and $ini and 1 of ($k*))
}

rule Eraser_Use : any_type
{
  meta:
    id = "TRG-AFR-003"
    title_en = "Eraser (Heidi) program or task list"
    title_ja = "Eraser（完全削除ソフト）の本体・タスク一覧"
    severity = "medium"
    technique = "T1070.004"
    step = "3"
    question = "anti_forensics_present"
    reference = "Eraser, https://eraser.heidi.ie/ ; MITRE ATT&CK T1070.004 File Deletion, https://attack.mitre.org/techniques/T1070/004/"
    alternatives_en = "Disposal or clean-up under the organisation's rules."
    alternatives_ja = "社内規程に基づく廃棄・清掃作業。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $a = /Eraser[.]DefaultPlugins/ ascii wide
    $b = /Eraser[.]Manager/ ascii wide
    $c = "Heidi Computers" ascii wide
    $d = /Eraser[.]Plugins/ ascii wide
    $e = "Eraser 6\\Task List" ascii wide nocase
    $f = /Eraser[.]BlackBox/ ascii wide
    $g = /Eraser[.]Util/ ascii wide
  condition:
    2 of them
}

rule Event_Log_Clear_Command : any_type
{
  meta:
    id = "TRG-AFR-004"
    title_en = "Command that clears Windows event logs"
    title_ja = "Windowsイベントログを消去するコマンド"
    severity = "high"
    technique = "T1070.001"
    step = "3"
    question = "anti_forensics_present"
    reference = "MITRE ATT&CK T1070.001 Clear Windows Event Logs, https://attack.mitre.org/techniques/T1070/001/"
    alternatives_en = "Image preparation of a new computer. Training material, documentation or detection rules that quote the same text."
    alternatives_ja = "端末マスタ作成時の初期化。研修資料、解説文書、検知ルールなどによる引用。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $w = /wevtutil(\.exe)?["']?\s{1,3}(cl|clear-log)\s{1,3}["']?[%$A-Za-z*]/ ascii wide nocase
    $p = /[c][l][e]ar-eventlog\s{1,3}(-logname\s{1,3})?["']?[a-z$(]/ ascii wide nocase
    $g = /lSession[.]ClearLog[(]/ ascii wide nocase
  condition:
    any of them
}

rule Shadow_Copy_Delete_Command : any_type
{
  meta:
    id = "TRG-AFR-005"
    title_en = "Command that deletes shadow copies or disables recovery"
    title_ja = "シャドウコピーの削除・回復機能の無効化コマンド"
    severity = "high"
    technique = "T1490"
    step = "3"
    question = "anti_forensics_present"
    reference = "MITRE ATT&CK T1490 Inhibit System Recovery, https://attack.mitre.org/techniques/T1490/"
    alternatives_en = "Freeing of disk space by an administrator. Training material, documentation or detection rules that quote the same text."
    alternatives_ja = "管理者による空き容量の確保。研修資料、解説文書、検知ルールなどによる引用。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $v = /vssadmin(\.exe)?["']?\s{1,3}delete\s{1,3}shadows/ ascii wide nocase
    $w = /wmic(\.exe)?["']?\s{1,3}shadowcopy\s[^\r\n]{0,60}delete/ ascii wide nocase
    $b = /wbadmin(\.exe)?["']?\s{1,3}delete\s{1,3}(catalog|systemstatebackup|backup)/ ascii wide nocase
    $c = /bcdedit(\.exe)?["']?\s[^\r\n]{0,60}recoveryenabled\s{1,3}(no|off)\b/ ascii wide nocase
    $p = /Win32_ShadowCopy[^\r\n]{0,120}(\.Delete\(|Remove-WmiObject|Remove-CimInstance)/ ascii wide nocase
  condition:
    any of them
}

rule USN_Journal_Delete_Command : any_type
{
  meta:
    id = "TRG-AFR-006"
    title_en = "Command that deletes the USN change journal"
    title_ja = "USNジャーナルを削除するコマンド"
    severity = "high"
    technique = "T1070"
    step = "3"
    question = "anti_forensics_present"
    reference = "MITRE ATT&CK T1070 Indicator Removal, https://attack.mitre.org/techniques/T1070/ ; Microsoft, fsutil usn, https://learn.microsoft.com/windows-server/administration/windows-commands/fsutil-usn"
    alternatives_en = "Training material, documentation or detection rules that quote the same text."
    alternatives_ja = "研修資料、解説文書、検知ルールなどによる引用。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $a = /fsutil(\.exe)?["']?\s{1,3}usn\s{1,3}deletejournal/ ascii wide nocase
  condition:
    $a
}

rule Free_Space_Wipe_Command : any_type
{
  meta:
    id = "TRG-AFR-007"
    title_en = "Command that overwrites free space or whole disks"
    title_ja = "空き領域・ディスク全体を上書きするコマンド"
    severity = "high"
    technique = "T1561.001"
    step = "3"
    question = "anti_forensics_present"
    reference = "MITRE ATT&CK T1561.001 Disk Content Wipe, https://attack.mitre.org/techniques/T1561/001/ ; Microsoft, cipher, https://learn.microsoft.com/windows-server/administration/windows-commands/cipher"
    alternatives_en = "Disposal or clean-up under the organisation's rules."
    alternatives_ja = "社内規程に基づく廃棄・清掃作業。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $c = /\bcipher(\.exe)?["']? {1,3}\/w:\s?["']?[a-z%]/ ascii wide nocase
    $f = /\b[f]or[m]at(\.com)? [a-z]: \/p:[1-9]/ ascii wide nocase
    $d = /\bdd i[f]=\/dev\/(zero|u?random) of=\/dev\/(sd[a-z]|nvme[0-9]n[0-9]|hd[a-z]|vd[a-z])[1-9]?\s/ ascii
    $s = /\bshred\s[^\r\n]{0,60}\/de[v]\/(sd[a-z]|nvme[0-9]n[0-9]|hd[a-z])/ ascii
  condition:
    filesize < 16MB and any of them
}

rule Timestamp_Change_Script : any_type
{
  meta:
    id = "TRG-AFR-008"
    title_en = "Script or tool that changes file time stamps"
    title_ja = "ファイルの時刻を書き換えるスクリプト・ツール"
    severity = "high"
    technique = "T1070.006"
    step = "3"
    question = "anti_forensics_present"
    reference = "MITRE ATT&CK T1070.006 Timestomp, https://attack.mitre.org/techniques/T1070/006/"
    alternatives_en = "Copy and photo tools that restore the original times."
    alternatives_ja = "元の時刻を復元するコピー・写真管理ソフト。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $c = /[.]Cr[e]at[i]onTime(Utc)?\s{0,2}=[^=]/ ascii wide
    $w = /[.]Las[t]W[r]i[t]eTime(Utc)?\s{0,2}=[^=]/ ascii wide
    $a = /[.]Las[t]Ac[c]essTime(Utc)?\s{0,2}=[^=]/ ascii wide
    $i1 = "Get-Item" ascii wide
    $i2 = "Get-ChildItem" ascii wide
    $m = /\b[t]i[m]e[s]tomp(\.exe)?["']?\s[^\r\n]{1,120}\s-[macezbfv]\s/ ascii wide nocase
    $s = /\bSetMACE(64)?(\.exe)?["']?\s{1,3}["']?[a-z]:/ ascii wide nocase
    $n = /\bnTimestomp(_v[0-9.]{3,5})?(\.exe)?["']?\s[^\r\n]{1,60}-[MACB]\s/ ascii wide
  condition:
    filesize < 16MB and ($m or $s or $n or ($c and $w and $a and any of ($i1, $i2)))
}

rule Shell_History_Disabled : any_type
{
  meta:
    id = "TRG-AFR-009"
    title_en = "Commands that switch off or wipe shell history and login records"
    title_ja = "シェル履歴・ログイン記録を無効化・消去するコマンド"
    severity = "medium"
    technique = "T1070.003"
    step = "3"
    question = "anti_forensics_present"
    reference = "MITRE ATT&CK T1070.003 Clear Command History, https://attack.mitre.org/techniques/T1070/003/"
    alternatives_en = "Training material, documentation or detection rules that quote the same text. Image build scripts that clean before sealing."
    alternatives_ja = "研修資料、解説文書、検知ルールなどによる引用。イメージ作成時の清掃スクリプト。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $a = "unset HISTFILE" ascii
    $b = "HISTFILE=/dev/null" ascii
    $c = "HISTFILESIZE=0" ascii
    $d = /\bhi[s]t[o]ry -cw?\b/ ascii
    $e = /ln -sf? \/de[v]\/nul[l] [^\r\n]{0,60}\.(bash|zsh)_history/ ascii
    $f = /(rm -r?f|shred|truncate -s ?0|cat \/dev\/null >|>) ?[^\r\n]{0,40}\.(bash|zsh)_history/ ascii
    $g = /(rm -r?f|shred|truncate -s ?0|cat \/dev\/null >|echo >|>) ?[^\r\n]{0,40}\/var\/log\/(wtmp|btmp|lastlog|auth\.log|secure)\b/ ascii
    $h = "export HISTSIZE=0" ascii
    $i = /kill -9 (\$\$|\$PPID)/ ascii
  condition:
    filesize < 4MB and 2 of them
}
