// SPDX-License-Identifier: Apache-2.0
// PowerShell launchers and loaders.

rule PowerShell_Hidden_Encoded_Command : any_type
{
  meta:
    id = "TRG-RMT-010"
    title_en = "PowerShell run hidden with an encoded command"
    title_ja = "非表示・符号化コマンドで起動するPowerShell"
    severity = "high"
    technique = "T1059.001"
    step = "3"
    question = "malware_present"
    reference = "MITRE ATT&CK T1059.001 PowerShell, https://attack.mitre.org/techniques/T1059/001/ ; Microsoft, about_PowerShell_exe, https://learn.microsoft.com/powershell/"
    alternatives_en = "Management agents and installers also pass encoded or downloaded commands."
    alternatives_ja = "管理エージェントやインストーラも符号化コマンドを使う。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $a = /powershell(\.exe)?["']?\s[^\r\n]{0,160}(-|\/)(w|wi|win|windowstyle|nop|noprofile|noni|noninteractive|ep|exec|executionpolicy|sta)\s?[^\r\n]{0,120}\s(-|\/)(e|ec|en|enc|encodedcommand)\s{1,3}["']?[A-Za-z0-9+\/]{60}/ ascii wide nocase
    $b = /powershell(\.exe)?["']?\s[^\r\n]{0,80}(-|\/)(e|ec|en|enc|encodedcommand)\s{1,3}["']?(JAB|SQBFAFgA|aQBlAHgA|SQBuAHYAbwBrAGUA|UwBlAHQALQ|WwBSAGUAZgBd)[A-Za-z0-9+\/]{40}/ ascii wide nocase
  condition:
    any of them
}

rule PowerShell_Download_And_Run : any_type
{
  meta:
    id = "TRG-RMT-011"
    title_en = "PowerShell that downloads code and runs it in memory"
    title_ja = "コードをダウンロードしてメモリ上で実行するPowerShell"
    severity = "medium"
    technique = "T1105"
    step = "3"
    question = "malware_present"
    reference = "MITRE ATT&CK T1105 Ingress Tool Transfer, https://attack.mitre.org/techniques/T1105/"
    alternatives_en = "Installers of package managers (Chocolatey, Scoop) use the same form."
    alternatives_ja = "Chocolatey等のインストーラも同じ形式を使う。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $a = /(iex|invoke-expression)[\s(&"']{1,6}\(?\s{0,2}new[-]obj[e]ct\s{1,3}(system[.])?net[.]webclient\)?\)?[.]download(string|data)\s{0,2}\(/ ascii wide nocase
    $b = /invoke-(webrequest|restmethod)[^\r\n]{4,200}\|\s{0,2}(iex|invoke-expression)\b/ ascii wide nocase
    $c = /\b(iwr|irm)\s[^\r\n|]{4,200}\| iex\b/ ascii wide nocase
    $d = /\b(iwr|irm)\s[^\r\n|]{4,200}\|iex\b/ ascii wide nocase
    $e = /webclient\)[.]downloadstring[^\r\n|]{4,200}\|\s{0,2}(iex|invoke-expression)\b/ ascii wide nocase
  condition:
    any of them
}

rule PowerShell_Shellcode_Loader : any_type
{
  meta:
    id = "TRG-RMT-012"
    title_en = "PowerShell that loads machine code into memory (Cobalt-Strike style)"
    title_ja = "機械語をメモリに展開するPowerShell（Cobalt Strike型）"
    severity = "critical"
    technique = "T1620"
    step = "3"
    question = "malware_present"
    reference = "MITRE ATT&CK T1620 Reflective Code Loading, https://attack.mitre.org/techniques/T1620/ ; MITRE ATT&CK S0154 Cobalt Strike, https://attack.mitre.org/software/S0154/"
    alternatives_en = "Authorised penetration test or exercise."
    alternatives_ja = "許可を得た侵入テストや演習。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $a = "GetDelegateForFunctionPointer" ascii wide nocase
    $b = "ualAlloc" ascii wide nocase
    $c = "FromBase64String" ascii wide nocase
    $d = "UnsafeNativeMethods" ascii wide nocase
    $e = "nc_get_proc_address" ascii wide nocase
    $f = "nc_get_delegate_type" ascii wide nocase
    $g = "-bxor 35" ascii wide nocase
    $ps1 = "[System.Runtime.InteropServices.Marshal]::" ascii wide nocase
    $ps2 = "w-Object" ascii wide nocase
    $ps3 = "[Byte[]]" ascii wide nocase
  condition:
    filesize < 8MB and 2 of ($ps*) and (($e and $f) or ($a and $b and any of ($c, $d, $g)))
}
