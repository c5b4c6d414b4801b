// SPDX-License-Identifier: Apache-2.0
// Tools, commands and outputs of credential theft.

rule Mimikatz_Strings : any_type
{
  meta:
    id = "TRG-CRD-001"
    title_en = "Mimikatz program, script or output"
    title_ja = "Mimikatzの本体・スクリプト・出力"
    severity = "critical"
    technique = "T1003.001"
    step = "3"
    question = "credential_theft_present"
    reference = "MITRE ATT&CK S0002 Mimikatz, https://attack.mitre.org/software/S0002/"
    alternatives_en = "Training material, documentation or detection rules that quote the same text. Authorised penetration test or exercise."
    alternatives_ja = "研修資料、解説文書、検知ルールなどによる引用。許可を得た侵入テストや演習。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $m1 = "sekurlsa::" ascii wide nocase
    $m2 = "lsadump::" ascii wide nocase
    $m3 = "kerberos::" ascii wide nocase
    $m4 = "privilege::debug" ascii wide nocase
    $m5 = "tilkiwi" ascii wide nocase
    $m6 = "mimidrv" ascii wide nocase
    $m7 = "Benjamin DELPY" ascii wide nocase
    $m8 = "mimikatz" ascii wide nocase
    $m9 = "dpapi::" ascii wide nocase
    $m10 = "token::elevate" ascii wide nocase
  condition:
    4 of them
}

rule LSASS_Memory_Dump : any_type
{
  meta:
    id = "TRG-CRD-002"
    title_en = "Minidump of the LSASS process"
    title_ja = "LSASSプロセスのメモリダンプ"
    severity = "critical"
    technique = "T1003.001"
    step = "3"
    question = "credential_theft_present"
    reference = "Microsoft, MINIDUMP_HEADER, https://learn.microsoft.com/windows/win32/api/minidumpapiset/ns-minidumpapiset-minidump_header ; MITRE ATT&CK T1003.001 LSASS Memory, https://attack.mitre.org/techniques/T1003/001/"
    alternatives_en = "Windows Error Reporting or vendor support took a dump after LSASS crashed."
    alternatives_ja = "LSASS異常終了後にWindowsエラー報告やサポートが採取したダンプ。"
    limits_en = "Dumps with a damaged or altered signature (some tools do this) are not seen."
    limits_ja = "署名を壊す・変えるツールで作られたダンプは検出できない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $m1 = "lsasrv.dll" wide nocase
    $m2 = "lsass.exe" wide nocase
    $m3 = "msv1_0.dll" wide nocase
    $m4 = "wdigest.dll" wide nocase
    $m5 = "samsrv.dll" wide nocase
  condition:
    uint32be(0) == 0x4D444D50 and uint16be(4) == 0x93A7 and $m1 and 2 of ($m2, $m3, $m4, $m5)
}

rule LaZagne_Password_Recovery : any_type
{
  meta:
    id = "TRG-CRD-003"
    title_en = "LaZagne program, source or output"
    title_ja = "LaZagne（パスワード収集ツール）の本体・ソース・出力"
    severity = "high"
    technique = "T1555"
    step = "3"
    question = "credential_theft_present"
    reference = "MITRE ATT&CK S0349 LaZagne, https://attack.mitre.org/software/S0349/"
    alternatives_en = "Training material, documentation or detection rules that quote the same text. Authorised penetration test or exercise."
    alternatives_ja = "研修資料、解説文書、検知ルールなどによる引用。許可を得た侵入テストや演習。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $a = "The LaZagne Project" ascii wide nocase
    $b = "lazagne.softwares" ascii wide
    $c = "lazagne.config" ascii wide
    $d = "! BANG BANG !" ascii wide
    $e = "laZagne.exe" ascii wide nocase
    $f = "[+] Password found !!!" ascii wide nocase
  condition:
    2 of them
}

rule LSASS_Dump_Command : any_type
{
  meta:
    id = "TRG-CRD-004"
    title_en = "Command line that dumps LSASS (ProcDump or comsvcs.dll)"
    title_ja = "LSASSをダンプするコマンド（ProcDump・comsvcs.dll）"
    severity = "high"
    technique = "T1003.001"
    step = "3"
    question = "credential_theft_present"
    reference = "MITRE ATT&CK T1003.001 LSASS Memory, https://attack.mitre.org/techniques/T1003/001/"
    alternatives_en = "Training material, documentation or detection rules that quote the same text. Authorised penetration test or exercise. Support asked for a dump."
    alternatives_ja = "研修資料、解説文書、検知ルールなどによる引用。許可を得た侵入テストや演習。サポートの依頼による採取。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $pd1 = /ocdump(64|64a)?(\.exe)?["']?\s[^\r\n]{0,80}lsass/ ascii wide nocase
    $cs = /comsvcs(\.dll)?["']?[, ]{1,4}["']?(MiniDump|#?\+?0{0,4}24)\b/ ascii wide nocase
  condition:
    any of them
}

rule NTDS_Extraction_Command : any_type
{
  meta:
    id = "TRG-CRD-005"
    title_en = "Command line that copies the domain password database"
    title_ja = "ドメインの認証情報データベース（NTDS.dit）を持ち出すコマンド"
    severity = "critical"
    technique = "T1003.003"
    step = "3"
    question = "credential_theft_present"
    reference = "MITRE ATT&CK T1003.003 NTDS, https://attack.mitre.org/techniques/T1003/003/"
    alternatives_en = "Installation of a domain controller from media. Authorised penetration test or exercise."
    alternatives_ja = "メディアからのドメインコントローラ構築（IFM）。許可を得た侵入テストや演習。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $ifm = /ntdsutil[^\r\n]{0,120}\bifm\b[^\r\n]{0,40}create/ ascii wide nocase
    $copy = /skVolumeShadowCopy[0-9]{1,4}\\[^\r\n]{0,40}\\ntds\.dit/ ascii wide nocase
    $dump = /etsdump(\.py|\.exe)?\s[^\r\n]{0,120}(-ntds|-just-dc|-sam)/ ascii wide nocase
  condition:
    any of them
}

rule Registry_Hive_Save_Command : any_type
{
  meta:
    id = "TRG-CRD-006"
    title_en = "Command line that saves the SAM or SECURITY hive"
    title_ja = "SAM・SECURITYハイブを保存するコマンド"
    severity = "high"
    technique = "T1003.002"
    step = "3"
    question = "credential_theft_present"
    reference = "MITRE ATT&CK T1003.002 Security Account Manager, https://attack.mitre.org/techniques/T1003/002/"
    alternatives_en = "Forensic collection or a backup script. Authorised penetration test or exercise."
    alternatives_ja = "フォレンジック保全やバックアップのスクリプト。許可を得た侵入テストや演習。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $save = /reg(\.exe)?["']?\s{1,4}s[a]v[e]\s{1,4}["']?(HKLM|HKEY_LOCAL_MACHINE)\\(SAM|SECURITY)\b/ ascii wide nocase
    $copy = /skVolumeShadowCopy[0-9]{1,4}\\Windows\\System32\\config\\(SAM|SECURITY)\b/ ascii wide nocase
  condition:
    any of them
}

rule Windows_Password_Hash_Listing : text
{
  meta:
    id = "TRG-CRD-007"
    title_en = "Listing of Windows password hashes (pwdump form)"
    title_ja = "Windowsパスワードハッシュの一覧（pwdump形式）"
    severity = "critical"
    technique = "T1003"
    step = "5"
    question = "credential_theft_present"
    reference = "MITRE ATT&CK T1003 OS Credential Dumping, https://attack.mitre.org/techniques/T1003/"
    alternatives_en = "Authorised penetration test or exercise. Sample output in documentation."
    alternatives_ja = "許可を得た侵入テストや演習。解説文書の出力例。"
    limits_en = "Listings without the empty-LM constant are not seen."
    limits_ja = "空のLMハッシュ定数を含まない一覧は検出できない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $line = /:[0-9]{3,9}:aad3b435b51404eeaad3b435b51404ee:[0-9a-fA-F]{32}:::/ ascii wide nocase
  condition:
    $line
}

rule PowerShell_Credential_Toolkit : script
{
  meta:
    id = "TRG-CRD-008"
    title_en = "PowerShell credential and domain attack functions"
    title_ja = "認証情報窃取・ドメイン攻撃用のPowerShell関数"
    severity = "high"
    technique = "T1059.001"
    step = "3"
    question = "credential_theft_present"
    reference = "MITRE ATT&CK T1059.001 PowerShell, https://attack.mitre.org/techniques/T1059/001/"
    alternatives_en = "Training material, documentation or detection rules that quote the same text. Authorised penetration test or exercise."
    alternatives_ja = "研修資料、解説文書、検知ルールなどによる引用。許可を得た侵入テストや演習。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $a = "Invoke-Mimikatz" ascii wide nocase
    $b = "Invoke-Kerberoast" ascii wide nocase
    $c = "Get-GPPPassword" ascii wide nocase
    $d = "Invoke-ReflectivePEInjection" ascii wide nocase
    $e = "Invoke-TokenManipulation" ascii wide nocase
    $f = "Invoke-NinjaCopy" ascii wide nocase
    $g = "Invoke-DCSync" ascii wide nocase
    $h = "Out-Minidump" ascii wide nocase
    $i = "Invoke-BloodHound" ascii wide nocase
    $j = "Invoke-WCMDump" ascii wide nocase
  condition:
    2 of them
}
