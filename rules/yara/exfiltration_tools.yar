// SPDX-License-Identifier: Apache-2.0
// Archive-and-transfer tools: their settings and command lines.

rule Rclone_Remote_Config : config
{
  meta:
    id = "TRG-EXF-001"
    title_en = "rclone settings with a cloud or transfer remote"
    title_ja = "クラウド等の転送先を持つrcloneの設定"
    severity = "medium"
    technique = "T1567.002"
    step = "3"
    question = "exfil_tool_present"
    reference = "rclone documentation, https://rclone.org/docs/ ; MITRE ATT&CK T1567.002 Exfiltration to Cloud Storage, https://attack.mitre.org/techniques/T1567/002/"
    alternatives_en = "A backup or synchronisation the organisation approved."
    alternatives_ja = "組織が認めたバックアップや同期。"
    limits_en = "An encrypted rclone.conf is not seen."
    limits_ja = "暗号化されたrclone.confは検出しない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $type = /\]\r?\ntype ?= ?(mega|drive|s3|dropbox|onedrive|sftp|ftp|webdav|pcloud|b2|box|koofr|mailru|azureblob|pikpak|internetxt|google cloud storage|yandex|smb|filefabric|putio|premiumizeme|hidrive|jottacloud|swift|storj|seafile|sharefile|sugarsync|uptobox|zoho|protondrive|linkbox|gofile|pixeldrain)\r?\n/ ascii
    $k1 = "\ntoken = {" ascii
    $k2 = "\npass = " ascii
    $k3 = "\nuser = " ascii
    $k4 = "\naccess_key_id = " ascii
    $k5 = "\naccount = " ascii
    $k6 = "\nhost = " ascii
    $k7 = "\nurl = " ascii
    $k8 = "\nsecret_access_key = " ascii
  condition:
    filesize < 256KB and $type and any of ($k*)
}

rule Rclone_Upload_Command : any_type
{
  meta:
    id = "TRG-EXF-002"
    title_en = "rclone command line that copies to a remote"
    title_ja = "転送先へコピーするrcloneのコマンド"
    severity = "medium"
    technique = "T1567.002"
    step = "3"
    question = "exfil_channel_used"
    reference = "rclone documentation, https://rclone.org/commands/ ; MITRE ATT&CK S1040 Rclone, https://attack.mitre.org/software/S1040/"
    alternatives_en = "A backup or synchronisation the organisation approved. Training material, documentation or detection rules that quote the same text."
    alternatives_ja = "組織が認めたバックアップや同期。研修資料、解説文書、検知ルールなどによる引用。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $cmd = /rclone(\.exe)?["']?\s{1,4}([^\r\n]{0,80}\s)?(copy|sync|move|copyto|moveto)\s[^\r\n]{0,200}\s["']?[A-Za-z0-9_][A-Za-z0-9_-]{1,31}:/ ascii wide nocase
    $f1 = "--transfers" ascii wide
    $f2 = "--multi-thread-streams" ascii wide
    $f3 = "--ignore-existing" ascii wide
    $f4 = "--no-check-certificate" ascii wide
    $f5 = "--max-age" ascii wide
    $f6 = "--bwlimit" ascii wide
    $f7 = "--config" ascii wide
    $f8 = "--auto-confirm" ascii wide
    $f9 = "--include" ascii wide
  condition:
    $cmd and filesize < 16MB and any of ($f*)
}

rule MEGA_Client_Traces : any_type
{
  meta:
    id = "TRG-EXF-003"
    title_en = "MEGA client or MEGAcmd commands and traces"
    title_ja = "MEGAクライアント・MEGAcmdのコマンドと痕跡"
    severity = "medium"
    technique = "T1567.002"
    step = "3"
    question = "exfil_tool_present"
    reference = "MEGAcmd user guide, https://github.com/meganz/MEGAcmd ; MITRE ATT&CK T1567.002 Exfiltration to Cloud Storage, https://attack.mitre.org/techniques/T1567/002/"
    alternatives_en = "The tool is part of the user's permitted work."
    alternatives_ja = "業務で使用を認められたツール。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Presence of the client does not show what was sent."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。クライアントの存在は送信内容を示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $put = /mega-(put|login|export)(\.bat)?\s{1,4}[^\s=(){};]{2}/ ascii wide
    $a = /MEGAsync[.]exe/ ascii wide nocase
    $b = "MEGAcmdServer" ascii wide nocase
    $c = /MEGAclient[.]exe/ ascii wide nocase
    $d = "g.api.mega.co.nz" ascii wide
    $e = /MEGAsync[.]cfg/ ascii wide nocase
    $f = "MEGAcmdShell" ascii wide nocase
    $g = /megacmd[.]log/ ascii wide nocase
    $h = /MEGAsync[.]log/ ascii wide nocase
  condition:
    2 of them
}

rule WinSCP_Stored_Session : config
{
  meta:
    id = "TRG-EXF-004"
    title_en = "WinSCP settings with a stored session"
    title_ja = "保存済みセッションを含むWinSCPの設定"
    severity = "low"
    technique = "T1048"
    step = "3"
    question = "exfil_tool_present"
    reference = "WinSCP documentation, https://winscp.net/eng/docs/config ; MITRE ATT&CK T1048 Exfiltration Over Alternative Protocol, https://attack.mitre.org/techniques/T1048/"
    alternatives_en = "The tool is part of the user's permitted work."
    alternatives_ja = "業務で使用を認められたツール。"
    limits_en = "Session names and hosts show intent or use only with logs or times."
    limits_ja = "接続先の名称だけでは利用の事実は分からず、ログや時刻の裏付けが要る。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $ini = "[Sessions\\" ascii wide
    $reg = "Martin Prikryl\\WinSCP 2\\Sessions\\" ascii wide
    $h1 = /ostName[=]/ ascii wide
    $h2 = "\"HostName\"=" ascii wide
    $u1 = /serName[=]/ ascii wide
    $u2 = "\"UserName\"=" ascii wide
  condition:
    filesize < 4MB and any of ($ini, $reg) and any of ($h1, $h2) and any of ($u1, $u2)
}

rule FileZilla_Site_List : config
{
  meta:
    id = "TRG-EXF-005"
    title_en = "FileZilla site manager or recent servers"
    title_ja = "FileZillaのサイトマネージャ・接続履歴"
    severity = "low"
    technique = "T1048.003"
    step = "3"
    question = "exfil_tool_present"
    reference = "FileZilla wiki, https://wiki.filezilla-project.org/ ; MITRE ATT&CK T1048.003 Exfiltration Over Unencrypted Non-C2 Protocol, https://attack.mitre.org/techniques/T1048/003/"
    alternatives_en = "The tool is part of the user's permitted work."
    alternatives_ja = "業務で使用を認められたツール。"
    limits_en = "The list gives hosts; transfers stand only in logs."
    limits_ja = "接続先だけが分かり、転送内容はログでしか分からない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $root = "<FileZilla3" ascii wide
    $s1 = "<Servers>" ascii wide
    $s2 = "<RecentServers>" ascii wide
    $h = /<Host>[^<]{3,255}<\/Host>/ ascii wide
  condition:
    $root and any of ($s1, $s2) and $h
}

rule Archive_With_Password_Command : any_type
{
  meta:
    id = "TRG-EXF-006"
    title_en = "Command line that makes a password-protected archive"
    title_ja = "パスワード付き圧縮ファイルを作るコマンド"
    severity = "medium"
    technique = "T1560.001"
    step = "3"
    question = "data_staged"
    reference = "MITRE ATT&CK T1560.001 Archive via Utility, https://attack.mitre.org/techniques/T1560/001/"
    alternatives_en = "Password-protected attachments are common practice in some offices. A backup or synchronisation the organisation approved."
    alternatives_ja = "添付ファイルのパスワード付き圧縮（いわゆるPPAP）などの慣行。組織が認めたバックアップや同期。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $z0 = /\b7za\.exe["']?\s{1,3}a\s[^\r\n]{0,200}\s["']?-p[^\s-][^\s]{2}/ ascii wide nocase
    $z1 = /\b7z\.exe["']?\s{1,3}a\s[^\r\n]{0,200}\s["']?-p[^\s-][^\s]{2}/ ascii wide nocase
    $z2 = /\b7z a [^\r\n]{0,200}\s["']?-p[^\s-][^\s]{2}/ ascii
    $z3 = /\b7za a [^\r\n]{0,200}\s["']?-p[^\s-][^\s]{2}/ ascii
    $r1 = /\b(win)?rar\.exe["']?\s{1,3}a\s[^\r\n]{0,200}-h?p[^\s-][^\s]{2}/ ascii wide nocase
    $r2 = /\brar a (-[a-zA-Z0-9:@]{1,24} ){0,8}-hp[^\s-][^\s]{2}/ ascii
  condition:
    filesize < 16MB and any of them
}

rule Cloud_Storage_Upload_Command : any_type
{
  meta:
    id = "TRG-EXF-007"
    title_en = "Command line that uploads local files to S3 or Azure storage"
    title_ja = "ローカルのファイルをS3・Azureへ送るコマンド"
    severity = "low"
    technique = "T1567.002"
    step = "3"
    question = "exfil_channel_used"
    reference = "MITRE ATT&CK T1567.002 Exfiltration to Cloud Storage, https://attack.mitre.org/techniques/T1567/002/"
    alternatives_en = "A backup or synchronisation the organisation approved. Training material, documentation or detection rules that quote the same text."
    alternatives_ja = "組織が認めたバックアップや同期。研修資料、解説文書、検知ルールなどによる引用。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $s3 = /aws(\.exe)? s3 (cp|sync|mv) ["']?([A-Za-z]:\\|\\\\|\/(home|srv|mnt|data|var|root)|~\/)[^\r\n]{0,200} ["']?s3:\/\// ascii wide
    $az = /azcopy(\.exe)?["']?\s(copy|cp|sync)\s[^\r\n]{0,260}\.blob\.core\.windows\.net[^\r\n]{0,200}[?&](sig|sv)=/ ascii wide nocase
  condition:
    filesize < 16MB and any of them
}
