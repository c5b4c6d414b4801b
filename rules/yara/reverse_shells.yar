// SPDX-License-Identifier: Apache-2.0
// One-line reverse and bind shells.

rule Reverse_Shell_Bash : any_type
{
  meta:
    id = "TRG-RMT-006"
    title_en = "bash reverse shell over /dev/tcp"
    title_ja = "/dev/tcpを使うbashの逆接続シェル"
    severity = "critical"
    technique = "T1059.004"
    step = "3"
    question = "remote_access_present"
    reference = "MITRE ATT&CK T1059.004 Unix Shell, https://attack.mitre.org/techniques/T1059/004/ ; GNU Bash manual, Redirections, https://www.gnu.org/software/bash/manual/"
    alternatives_en = "Training material, documentation or detection rules that quote the same text. Authorised penetration test or exercise."
    alternatives_ja = "研修資料、解説文書、検知ルールなどによる引用。許可を得た侵入テストや演習。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $i = /sh\s{1,3}-i\s{0,3}[0-9&]?>?&?>?&?\s{0,2}\/de[v]\/tcp\/[^\s\/]{1,80}\/[^\s]{1,8}/ ascii
    $x = /exec\s{1,3}[0-9]{1,3}<>\s{0,2}\/de[v]\/tcp\/[^\s\/]{1,80}\/[0-9$][^\r\n]{0,80}[;\n|]\s{0,4}(ba)?sh\s/ ascii
    $y = /exec\s{1,3}[0-9]{1,3}<>\s{0,2}\/de[v]\/tcp\/[^\s\/]{1,80}\/[0-9$][^;]{0,40};\s{0,2}(cat|while read)[^\r\n]{0,80}(\$line|\bsh\b)/ ascii
  condition:
    any of them
}

rule Reverse_Shell_Netcat : any_type
{
  meta:
    id = "TRG-RMT-007"
    title_en = "netcat that serves a shell"
    title_ja = "シェルを渡すnetcatのコマンド"
    severity = "critical"
    technique = "T1059"
    step = "3"
    question = "remote_access_present"
    reference = "MITRE ATT&CK T1059 Command and Scripting Interpreter, https://attack.mitre.org/techniques/T1059/"
    alternatives_en = "Training material, documentation or detection rules that quote the same text. Authorised penetration test or exercise."
    alternatives_ja = "研修資料、解説文書、検知ルールなどによる引用。許可を得た侵入テストや演習。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $unix = /\b(nc|ncat|netcat|nc\.traditional)\s([^\r\n|]{0,80}\s)?-e \/[bu][is][nr]\/(bin\/)?(ba|da|z)?sh\b/ ascii
    $unix_c = /\b(nc|ncat|netcat)\s([^\r\n|]{0,80}\s)?-c \/[bu][is][nr]\/(bin\/)?(ba|da|z)?sh\b/ ascii
    $win = /\b(nc|nc64|ncat|netcat)(\.exe)?\s([^\r\n|]{0,80}\s)?-e (c[m]d|pow[e]rsh[e]ll)(\.exe)?\b/ ascii wide nocase
    $fifo = /mkfifo\s[^\r\n;]{1,64};[^\r\n]{0,120}sh -i[^\r\n|]{0,24}\|\s{0,2}(nc|ncat|netcat|openssl s_client)\s/ ascii
  condition:
    filesize < 16MB and any of them
}

rule Reverse_Shell_Python : any_type
{
  meta:
    id = "TRG-RMT-008"
    title_en = "Python reverse shell"
    title_ja = "Pythonの逆接続シェル"
    severity = "critical"
    technique = "T1059.006"
    step = "3"
    question = "remote_access_present"
    reference = "MITRE ATT&CK T1059.006 Python, https://attack.mitre.org/techniques/T1059/006/"
    alternatives_en = "Training material, documentation or detection rules that quote the same text. Authorised penetration test or exercise."
    alternatives_ja = "研修資料、解説文書、検知ルールなどによる引用。許可を得た侵入テストや演習。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $con = /[n][n][e]ct\(\(/ ascii
    $dup = /os\.dup2\(\s{0,2}[a-z_]{1,16}\.fileno\(\)\s{0,2},\s{0,2}[012]\s{0,2}\)/ ascii
    $pty = /[p]ty\.spawn\(/ ascii
    $sub1 = /subprocess[.](call|run|Popen)\(\s{0,2}\[?\s{0,2}["'][\/]bin[\/](ba)?sh["']\s{0,2},\s{0,2}["']-i/ ascii
    $sub2 = /os\.system\(["']\/bin\/(ba)?sh["']\)/ ascii
  condition:
    filesize < 1MB and $con and $dup and any of ($pty, $sub1, $sub2)
}

rule Reverse_Shell_Perl_Or_PHP : any_type
{
  meta:
    id = "TRG-RMT-009"
    title_en = "Perl, PHP or Ruby reverse shell"
    title_ja = "Perl・PHP・Rubyの逆接続シェル"
    severity = "critical"
    technique = "T1059"
    step = "3"
    question = "remote_access_present"
    reference = "MITRE ATT&CK T1059 Command and Scripting Interpreter, https://attack.mitre.org/techniques/T1059/"
    alternatives_en = "Training material, documentation or detection rules that quote the same text. Authorised penetration test or exercise."
    alternatives_ja = "研修資料、解説文書、検知ルールなどによる引用。許可を得た侵入テストや演習。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $perl = /[o][p][e]n\(STDIN,\s{0,2}["']?[<>+]{1,2}&=?[A-Za-z$]/ ascii
    $perl_exec = /exec\s{0,2}[({]\s{0,2}["']\/bin\/(ba)?sh(\s-i)?["']/ ascii
    $perl_sock = "sockaddr_in(" ascii
    $php = /fsockopen[(][^\r\n]{1,80};\s{0,4}[^\r\n]{0,40}(exec|system|passthru|shell_exec|proc_open|popen)\(\s{0,2}["'`](\/bin\/)?(ba)?sh\b/ ascii
    $ruby = /TCPSocket[.](new|open)[(][^\r\n]{1,120}([\/]bin[\/](ba)?sh|IO\.popen\(cmd)/ ascii
  condition:
    filesize < 1MB and (($perl and $perl_exec and $perl_sock) or $php or $ruby)
}
