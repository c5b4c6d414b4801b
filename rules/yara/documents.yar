// SPDX-License-Identifier: Apache-2.0
// Secret markings, keys and vaults, encrypted and macro documents.

rule Secret_Marking_Japanese : any_type
{
  meta:
    id = "TRG-DOC-001"
    title_en = "Document marked secret in Japanese"
    title_ja = "秘密表示のある文書（社外秘・極秘など）"
    severity = "info"
    technique = ""
    step = "3"
    question = "secret_document_present"
    reference = "IPA, guideline on handling business secrets; METI, Handbook for Protecting Confidential Information, https://www.meti.go.jp/policy/economy/chizai/chiteki/trade-secret.html"
    alternatives_en = "Forms, manuals or templates that show the marking without secret content."
    alternatives_ja = "表示例を含む様式・規程・ひな形。"
    limits_en = "Text inside compressed documents is seen after unpacking; pictures are not read."
    limits_ja = "圧縮文書内の文字は展開後に検出し、画像内の文字は読まない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    // 社外秘
    $a_utf8 = { E7 A4 BE E5 A4 96 E7 A7 98 }
    $a_utf16le = { 3E 79 16 59 D8 79 }
    $a_utf16be = { 79 3E 59 16 79 D8 }
    $a_cp932 = { 8E D0 8A 4F 94 E9 }
    $a_eucjp = { BC D2 B3 B0 C8 EB }
    $a_jis = { 3C 52 33 30 48 6B }
    // 部外秘
    $b_utf8 = { E9 83 A8 E5 A4 96 E7 A7 98 }
    $b_utf16le = { E8 90 16 59 D8 79 }
    $b_utf16be = { 90 E8 59 16 79 D8 }
    $b_cp932 = { 95 94 8A 4F 94 E9 }
    $b_eucjp = { C9 F4 B3 B0 C8 EB }
    $b_jis = { 49 74 33 30 48 6B }
    // 関係者外秘
    $c_utf8 = { E9 96 A2 E4 BF 82 E8 80 85 E5 A4 96 E7 A7 98 }
    $c_utf16le = { A2 95 C2 4F 05 80 16 59 D8 79 }
    $c_utf16be = { 95 A2 4F C2 80 05 59 16 79 D8 }
    $c_cp932 = { 8A D6 8C 57 8E D2 8A 4F 94 E9 }
    $c_eucjp = { B4 D8 B7 B8 BC D4 B3 B0 C8 EB }
    $c_jis = { 34 58 37 38 3C 54 33 30 48 6B }
    // 【極秘】
    $d_utf8 = { E3 80 90 E6 A5 B5 E7 A7 98 E3 80 91 }
    $d_utf16le = { 10 30 75 69 D8 79 11 30 }
    $d_utf16be = { 30 10 69 75 79 D8 30 11 }
    $d_cp932 = { 81 79 8B C9 94 E9 81 7A }
    $d_eucjp = { A1 DA B6 CB C8 EB A1 DB }
    $d_jis = { 21 5A 36 4B 48 6B 21 5B }
    // 極秘資料
    $e_utf8 = { E6 A5 B5 E7 A7 98 E8 B3 87 E6 96 99 }
    $e_utf16le = { 75 69 D8 79 C7 8C 99 65 }
    $e_utf16be = { 69 75 79 D8 8C C7 65 99 }
    $e_cp932 = { 8B C9 94 E9 8E 91 97 BF }
    $e_eucjp = { B6 CB C8 EB BB F1 CE C1 }
    $e_jis = { 36 4B 48 6B 3B 71 4E 41 }
    // 極秘情報
    $f_utf8 = { E6 A5 B5 E7 A7 98 E6 83 85 E5 A0 B1 }
    $f_utf16le = { 75 69 D8 79 C5 60 31 58 }
    $f_utf16be = { 69 75 79 D8 60 C5 58 31 }
    $f_cp932 = { 8B C9 94 E9 8F EE 95 F1 }
    $f_eucjp = { B6 CB C8 EB BE F0 CA F3 }
    $f_jis = { 36 4B 48 6B 3E 70 4A 73 }
    // 社内限り
    $g_utf8 = { E7 A4 BE E5 86 85 E9 99 90 E3 82 8A }
    $g_utf16le = { 3E 79 85 51 50 96 8A 30 }
    $g_utf16be = { 79 3E 51 85 96 50 30 8A }
    $g_cp932 = { 8E D0 93 E0 8C C0 82 E8 }
    $g_eucjp = { BC D2 C6 E2 B8 C2 A4 EA }
    $g_jis = { 3C 52 46 62 38 42 24 6A }
    // 【秘】
    $h_utf8 = { E3 80 90 E7 A7 98 E3 80 91 }
    $h_utf16le = { 10 30 D8 79 11 30 }
    $h_utf16be = { 30 10 79 D8 30 11 }
    $h_cp932 = { 81 79 94 E9 81 7A }
    $h_eucjp = { A1 DA C8 EB A1 DB }
    // 【機密】
    $i_utf8 = { E3 80 90 E6 A9 9F E5 AF 86 E3 80 91 }
    $i_utf16le = { 10 30 5F 6A C6 5B 11 30 }
    $i_utf16be = { 30 10 6A 5F 5B C6 30 11 }
    $i_cp932 = { 81 79 8B 40 96 A7 81 7A }
    $i_eucjp = { A1 DA B5 A1 CC A9 A1 DB }
    $i_jis = { 21 5A 35 21 4C 29 21 5B }
    // 【厳秘】
    $j_utf8 = { E3 80 90 E5 8E B3 E7 A7 98 E3 80 91 }
    $j_utf16le = { 10 30 B3 53 D8 79 11 30 }
    $j_utf16be = { 30 10 53 B3 79 D8 30 11 }
    $j_cp932 = { 81 79 8C B5 94 E9 81 7A }
    $j_eucjp = { A1 DA B8 B7 C8 EB A1 DB }
    $j_jis = { 21 5A 38 37 48 6B 21 5B }
    // マル秘
    $k_utf8 = { E3 83 9E E3 83 AB E7 A7 98 }
    $k_utf16le = { DE 30 EB 30 D8 79 }
    $k_utf16be = { 30 DE 30 EB 79 D8 }
    $k_cp932 = { 83 7D 83 8B 94 E9 }
    $k_eucjp = { A5 DE A5 EB C8 EB }
    $k_jis = { 25 5E 25 6B 48 6B }
    // 秘密情報
    $m_utf8 = { E7 A7 98 E5 AF 86 E6 83 85 E5 A0 B1 }
    $m_utf16le = { D8 79 C6 5B C5 60 31 58 }
    $m_utf16be = { 79 D8 5B C6 60 C5 58 31 }
    $m_cp932 = { 94 E9 96 A7 8F EE 95 F1 }
    $m_eucjp = { C8 EB CC A9 BE F0 CA F3 }
    $m_jis = { 48 6B 4C 29 3E 70 4A 73 }
    // 関係者限り
    $n_utf8 = { E9 96 A2 E4 BF 82 E8 80 85 E9 99 90 E3 82 8A }
    $n_utf16le = { A2 95 C2 4F 05 80 50 96 8A 30 }
    $n_utf16be = { 95 A2 4F C2 80 05 96 50 30 8A }
    $n_cp932 = { 8A D6 8C 57 8E D2 8C C0 82 E8 }
    $n_eucjp = { B4 D8 B7 B8 BC D4 B8 C2 A4 EA }
    $n_jis = { 34 58 37 38 3C 54 38 42 24 6A }
    // 取扱注意
    $o_utf8 = { E5 8F 96 E6 89 B1 E6 B3 A8 E6 84 8F }
    $o_utf16le = { D6 53 71 62 E8 6C 0F 61 }
    $o_utf16be = { 53 D6 62 71 6C E8 61 0F }
    $o_cp932 = { 8E E6 88 B5 92 8D 88 D3 }
    $o_eucjp = { BC E8 B0 B7 C3 ED B0 D5 }
    $o_jis = { 3C 68 30 37 43 6D 30 55 }
  condition:
    filesize < 64MB and any of ($a*, $b*, $c*, $d*, $e*, $f*, $g*, $i*, $j*) or (filesize < 16MB and ((any of ($h*, $k*) and any of ($m*, $n*, $o*)) or (any of ($m*) and any of ($n*, $o*))))
}

rule Secret_Marking_English : any_type
{
  meta:
    id = "TRG-DOC-002"
    title_en = "Document marked confidential in English"
    title_ja = "秘密表示のある文書（英語）"
    severity = "info"
    technique = ""
    step = "3"
    question = "secret_document_present"
    reference = "IPA, guideline on handling business secrets; METI, Handbook for Protecting Confidential Information, https://www.meti.go.jp/policy/economy/chizai/chiteki/trade-secret.html"
    alternatives_en = "Forms, manuals or templates that show the marking without secret content. Mail footers and licence texts."
    alternatives_ja = "表示例を含む様式・規程・ひな形。メールの定型文やライセンス文。"
    limits_en = "One weak marking alone does not fire."
    limits_ja = "弱い表示一つだけでは検出しない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $a = "CTLY CONFIDENTIAL" ascii wide
    $b = "TOP SECRET" ascii wide fullword
    $c = "PANY CONFIDENTIAL" ascii wide
    $d = "INTERNAL USE ONLY" ascii wide
    $e = "PANY SECRET" ascii wide
    $f = "IGHLY CONFIDENTIAL" ascii wide
    $g = /CON[F]IDENTIAL - DO NOT/ ascii wide
    $h = "Trade Secret" ascii wide fullword
    $i = "NOT FOR DISTRIBUTION" ascii wide
    $j = "DO NOT DISTRIBUTE" ascii wide
    $k = "DO NOT COPY" ascii wide
    $l = /\bCON[F]IDENTIAL\b/ ascii wide
  condition:
    filesize < 16MB and any of ($a, $c, $e, $f, $g) or (filesize < 16MB and (($b and any of ($h, $i, $j, $k)) or ($l and any of ($d, $h, $i, $j, $k)) or ($d and any of ($i, $j, $k))))
}

rule Private_Key_PEM : any_type
{
  meta:
    id = "TRG-DOC-003"
    title_en = "Private key in PEM or OpenSSH form"
    title_ja = "秘密鍵（PEM・OpenSSH形式）"
    severity = "medium"
    technique = "T1552.004"
    step = "5"
    question = "secret_key_present"
    reference = "RFC 7468, Textual Encodings of PKIX, PKCS, and CMS Structures, https://www.rfc-editor.org/rfc/rfc7468"
    alternatives_en = "Test keys of software packages and lessons."
    alternatives_ja = "ソフトウェアの試験用・教材用の鍵。"
    limits_en = "Does not say whether the key is in use; encrypted keys are included."
    limits_ja = "使用中かは分からない。暗号化された鍵も含む。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $key = /BEGIN ((RSA|EC|DSA|OPENSSH|ENCRYPTED) )?PRIVATE KEY-----\r?\n(Proc-Type: [^\r\n]{1,40}\r?\nDEK-Info: [^\r\n]{1,80}\r?\n\r?\n)?[A-Za-z0-9+\/=]{40}/ ascii wide
    $end = "PRIVATE KEY-----" ascii wide
  condition:
    $key and #end >= 2
}

rule Private_Key_PuTTY : any_type
{
  meta:
    id = "TRG-DOC-004"
    title_en = "PuTTY private key"
    title_ja = "PuTTY形式の秘密鍵"
    severity = "medium"
    technique = "T1552.004"
    step = "5"
    question = "secret_key_present"
    reference = "PuTTY documentation, PPK file format, https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html"
    alternatives_en = "Test keys of software packages and lessons."
    alternatives_ja = "ソフトウェアの試験用・教材用の鍵。"
    limits_en = "Does not say whether the key is in use."
    limits_ja = "使用中かは分からない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $a = "PuTTY-User-Key-File-" ascii wide
    $b = "e-Lines: " ascii wide
    $c = "e-MAC: " ascii wide
    $d = "c-Lines: " ascii wide
  condition:
    filesize < 1MB and all of them
}

rule AWS_Access_Key : any_type
{
  meta:
    id = "TRG-DOC-005"
    title_en = "AWS access key with its secret"
    title_ja = "AWSアクセスキーとシークレット"
    severity = "high"
    technique = "T1552.001"
    step = "5"
    question = "secret_key_present"
    reference = "AWS IAM User Guide, IAM identifiers, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"
    alternatives_en = "Test keys of software packages and lessons. Keys already revoked."
    alternatives_ja = "ソフトウェアの試験用・教材用の鍵。失効済みの鍵。"
    limits_en = "Validity is not checked."
    limits_ja = "有効かどうかは確認しない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $id = /\b(AKIA|ASIA)[A-Z2-7]{16}\b/ ascii wide
    $sec = /(secret_access_key|SECRET_ACCESS_KEY|SecretAccessKey|secretAccessKey)["']?\s{0,3}[=:]\s{0,3}["']?[A-Za-z0-9\/+]{40}\b/ ascii wide
    $ex1 = "AKIAIOSFODNN7EXAMPLE" ascii wide
    $ex2 = "PLEKEY" ascii wide
  condition:
    filesize < 16MB and $id and $sec and not $ex1 and not $ex2
}

rule KeePass_Database : any_type
{
  meta:
    id = "TRG-DOC-006"
    title_en = "KeePass password database"
    title_ja = "KeePassのパスワードデータベース"
    severity = "low"
    technique = "T1555.005"
    step = "5"
    question = "secret_key_present"
    reference = "KeePass, Database format, https://keepass.info/help/kb/kdbx.html"
    alternatives_en = "An approved password manager."
    alternatives_ja = "承認済みのパスワード管理ソフト。"
    limits_en = "Contents are encrypted and stay unknown."
    limits_ja = "内容は暗号化されており分からない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  condition:
    uint32(0) == 0x9AA2D903 and (uint32(4) == 0xB54BFB67 or uint32(4) == 0xB54BFB66 or uint32(4) == 0xB54BFB65)
}

rule Encrypted_Office_Document : office
{
  meta:
    id = "TRG-DOC-007"
    title_en = "Office document encrypted with a password"
    title_ja = "パスワードで暗号化されたOffice文書"
    severity = "info"
    technique = ""
    step = "3"
    question = "encryption_present"
    reference = "Microsoft [MS-OFFCRYPTO], https://learn.microsoft.com/openspecs/office_file_formats/ms-offcrypto/"
    alternatives_en = "A protection the organisation requires."
    alternatives_ja = "社内規程による保護。"
    limits_en = "Strength of the password is unknown; old binary formats (XOR, RC4) are not covered."
    limits_ja = "パスワードの強度は不明。旧形式（XOR・RC4）は対象外。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $a = "EncryptedPackage" wide
    $b = "EncryptionInfo" wide
  condition:
    uint32be(0) == 0xD0CF11E0 and uint32be(4) == 0xA1B11AE1 and all of them
}

rule Office_Macro_Auto_Run : any_type
{
  meta:
    id = "TRG-DOC-008"
    title_en = "Macro that runs on opening and starts a program"
    title_ja = "開くと自動実行されプログラムを起動するマクロ"
    severity = "high"
    technique = "T1204.002"
    step = "3"
    question = "malware_present"
    reference = "MITRE ATT&CK T1204.002 Malicious File, https://attack.mitre.org/techniques/T1204/002/ ; Microsoft [MS-OVBA]"
    alternatives_en = "In-house automation with macros."
    alternatives_ja = "業務自動化のためのマクロ。"
    limits_en = "Looks at plain macro text; compressed VBA streams show only part of it."
    limits_ja = "平文のマクロが対象。圧縮VBAは一部しか見えない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $vb1 = "Attribute VB_Name" ascii
    $vb2 = "Attribut\x00e VB_Nam" ascii
    $vb3 = "End Sub" ascii fullword
    $o1 = /[d][o][c][u][m][e]nt_Open/ ascii nocase
    $o2 = "utoOpen" ascii nocase
    $o3 = /[a][u][t]o_Open/ ascii nocase
    $o4 = "ook_Open" ascii nocase
    $o5 = "nt_Close" ascii nocase
    $o6 = /\b[A]utoExec\b/ ascii nocase
    $r1 = /\bShell ?[(]/ ascii
    $r10 = "Shell \"" ascii
    $r2 = "pt.Shell" ascii nocase
    $r3 = "powershell" ascii nocase
    $r4 = "Win32_Process" ascii nocase
    $r5 = "URLDownloadToFile" ascii nocase
    $r6 = "MSXML2.XMLHTTP" ascii nocase
    $r7 = "ADODB.Stream" ascii nocase
    $r8 = "cmd.exe" ascii nocase
    $r9 = "cmd /c" ascii nocase
  condition:
    filesize < 32MB and any of ($vb*) and any of ($o*) and 2 of ($r*)
}

rule RTF_Auto_Updating_Object : any_type
{
  meta:
    id = "TRG-DOC-009"
    title_en = "RTF with an object that loads by itself"
    title_ja = "自動で読み込まれるオブジェクトを含むRTF"
    severity = "high"
    technique = "T1203"
    step = "3"
    question = "malware_present"
    reference = "MITRE ATT&CK T1203 Exploitation for Client Execution, https://attack.mitre.org/techniques/T1203/ ; Microsoft, Rich Text Format Specification 1.9.1"
    alternatives_en = "Documents of programs that embed linked objects."
    alternatives_ja = "リンクオブジェクトを埋め込む業務ソフトの文書。"
    limits_en = "Heavily obfuscated control words escape it."
    limits_ja = "制御語が強く難読化されたものは検出できない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $upd = "\\objupdate" ascii
    $data = "\\objdata" ascii
    $eq = "4571756174696f6e2e33" ascii nocase
    $ole2 = "d0cf11e0a1b11ae1" ascii nocase
    $link = "\\objautlink" ascii
  condition:
    uint32be(0) == 0x7B5C7274 and $data and (($upd and any of ($eq, $ole2, $link)) or $eq)
}

rule BitLocker_Recovery_Key : text
{
  meta:
    id = "TRG-DOC-010"
    title_en = "BitLocker recovery key file"
    title_ja = "BitLockerの回復キー"
    severity = "medium"
    technique = "T1552.001"
    step = "5"
    question = "secret_key_present"
    reference = "Microsoft, BitLocker recovery overview, https://learn.microsoft.com/windows/security/operating-system-security/data-protection/bitlocker/recovery-overview"
    alternatives_en = "A key kept by the user as told."
    alternatives_ja = "指示に従い利用者が保管した回復キー。"
    limits_en = "Key digits are not checked."
    limits_ja = "キーの検査数字は確認しない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $bl = "BitLocker" ascii wide
    $num = /ecovery key:?\s{1,12}[0-9]{6}-[0-9]{6}-[0-9]{6}-[0-9]{6}-[0-9]{6}-[0-9]{6}-[0-9]{6}-[0-9]{6}/ ascii wide nocase
    // 回復キー (UTF-16LE, as Windows saves it) and two groups of digits
    $ja = { DE 56 A9 5F AD 30 FC 30 [2-24] 3? 00 3? 00 3? 00 3? 00 3? 00 3? 00 2D 00 3? 00 3? 00 3? 00 3? 00 3? 00 3? 00 }
  condition:
    filesize < 64KB and $bl and any of ($num, $ja)
}
