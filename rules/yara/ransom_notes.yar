// SPDX-License-Identifier: Apache-2.0
// Ransom notes: text that claims encryption or theft, asks for contact or money, and threatens.

rule Ransom_Note_English : text
{
  meta:
    id = "TRG-RAN-001"
    title_en = "Ransom note (English)"
    title_ja = "身代金要求文（英語）"
    severity = "critical"
    technique = "T1486"
    step = "2"
    question = "ransomware_present"
    reference = "MITRE ATT&CK T1486 Data Encrypted for Impact, https://attack.mitre.org/techniques/T1486/"
    alternatives_en = "A quotation in a report, lesson or news article."
    alternatives_ja = "報告書・教材・記事での引用。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Notes in other languages or as pictures are not seen."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。他言語や画像の要求文は検出しない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $enc1 = /(files|documents|data|databases|network|servers|systems|computers)[^.\r\n]{0,60} (been|are|were) [^.\r\n]{0,24}encrypted/ ascii wide nocase
    $enc2 = "encrypted all your" ascii wide nocase
    $enc3 = "encrypted your files" ascii wide nocase
    $pay1 = "bitcoin" ascii wide nocase
    $pay2 = "ansom" ascii wide nocase
    $pay3 = "decryption key" ascii wide nocase
    $pay4 = "decryptor" ascii wide nocase
    $pay5 = "decryption tool" ascii wide nocase
    $pay6 = "decryption software" ascii wide nocase
    $con1 = ".onion" ascii wide nocase
    $con2 = "tor browser" ascii wide nocase
    $con3 = "torproject" ascii wide nocase
    $con4 = "otonmail." ascii wide nocase
    $con5 = "@tutanota." ascii wide nocase
    $con6 = "@onionmail." ascii wide nocase
    $con7 = "tox id" ascii wide nocase
    $con8 = "qtox" ascii wide nocase fullword
    $thr1 = "do not rename" ascii wide nocase
    $thr2 = "ot modify encrypted" ascii wide nocase
    $thr3 = "rty software" ascii wide nocase
    $thr6 = /will be [p][u]blished/ ascii wide nocase
    $thr7 = "try to decrypt" ascii wide nocase
    $thr8 = "nently lost" ascii wide nocase
    $thr9 = "sonal id" ascii wide nocase
  condition:
    filesize < 256KB and any of ($enc*) and any of ($pay*) and any of ($con*) and any of ($thr*)
}

rule Ransom_Note_Data_Leak_Threat : text
{
  meta:
    id = "TRG-RAN-002"
    title_en = "Ransom note that threatens to publish stolen data"
    title_ja = "窃取データの公開を予告する脅迫文（二重脅迫・英語）"
    severity = "critical"
    technique = "T1657"
    step = "2"
    question = "data_theft_claimed"
    reference = "MITRE ATT&CK T1657 Financial Theft, https://attack.mitre.org/techniques/T1657/"
    alternatives_en = "A quotation in a report, lesson or news article."
    alternatives_ja = "報告書・教材・記事での引用。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. The claim of theft is the attacker's; it needs proof of its own."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。窃取の主張は攻撃者の言であり、別途裏付けが要る。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $steal1 = /(downloaded|exfiltrated|stolen|copied|leaked|stole) [^.\r\n]{0,60}(data|files|documents|information|databases)/ ascii wide nocase
    $steal2 = /(data|files|documents|information) (is|are|was|were|has been|have been) (also )?(stolen|downloaded|exfiltrated|leaked)/ ascii wide nocase
    $pub1 = /will be [p][u]blished/ ascii wide nocase
    $pub2 = "blish your data" ascii wide nocase
    $pub3 = "leak site" ascii wide nocase
    $pub4 = "our blog" ascii wide nocase
    $pub5 = "sold to" ascii wide nocase
    $con1 = ".onion" ascii wide nocase
    $con2 = "tor browser" ascii wide nocase
    $con3 = "torproject" ascii wide nocase
    $con4 = "tox id" ascii wide nocase
    $neg1 = "negotiat" ascii wide nocase
    $neg2 = "ansom" ascii wide nocase
    $neg4 = "if you don't pay" ascii wide nocase
    $neg5 = "if you refuse" ascii wide nocase
  condition:
    filesize < 256KB and any of ($steal*) and any of ($pub*) and any of ($con*) and any of ($neg*)
}

rule Ransom_Note_LockBit_Style : any_type
{
  meta:
    id = "TRG-RAN-003"
    title_en = "Ransom note or wallpaper text in LockBit wording"
    title_ja = "LockBit系の文言を持つ身代金要求文"
    severity = "critical"
    technique = "T1486"
    step = "2"
    question = "ransomware_present"
    reference = "CISA AA23-165A Understanding Ransomware Threat Actors: LockBit, https://www.cisa.gov/news-events/cybersecurity-advisories/aa23-165a"
    alternatives_en = "A quotation in a report, lesson or news article."
    alternatives_ja = "報告書・教材・記事での引用。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Other groups reuse leaked builders; the name does not prove who did it."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。流出ビルダーを他者も使うため、名称は攻撃者の特定にならない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $name = /[L]ockBit/ ascii wide
    $a = "data are stolen and encrypted" ascii wide nocase
    $b = "Restore-My-Files.txt" ascii wide nocase
    $c = "lockbitapt" ascii wide
    $d = "lockbitsupp" ascii wide nocase
    $e = "blished on TOR website" ascii wide nocase
    $f = "world's fastest ransomware" ascii wide nocase
  condition:
    $name and filesize < 4MB and 2 of ($a, $b, $c, $d, $e, $f)
}

rule Ransom_Note_Japanese : text
{
  meta:
    id = "TRG-RAN-004"
    title_en = "Ransom note (Japanese)"
    title_ja = "身代金要求文（日本語）"
    severity = "critical"
    technique = "T1486"
    step = "2"
    question = "ransomware_present"
    reference = "MITRE ATT&CK T1486 Data Encrypted for Impact, https://attack.mitre.org/techniques/T1486/"
    alternatives_en = "A quotation in a report, lesson or news article."
    alternatives_ja = "報告書・教材・記事での引用。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. ISO-2022-JP line breaks inside a word are not bridged."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。ISO-2022-JPで語の途中に改行があるものは検出できない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    // 暗号化されました
    $enc_a_utf8 = { E6 9A 97 E5 8F B7 E5 8C 96 E3 81 95 E3 82 8C E3 81 BE E3 81 97 E3 81 9F }
    $enc_a_utf16le = { 97 66 F7 53 16 53 55 30 8C 30 7E 30 57 30 5F 30 }
    $enc_a_utf16be = { 66 97 53 F7 53 16 30 55 30 8C 30 7E 30 57 30 5F }
    $enc_a_cp932 = { 88 C3 8D 86 89 BB 82 B3 82 EA 82 DC 82 B5 82 BD }
    $enc_a_eucjp = { B0 C5 B9 E6 B2 BD A4 B5 A4 EC A4 DE A4 B7 A4 BF }
    $enc_a_jis = { 30 45 39 66 32 3D 24 35 24 6C 24 5E 24 37 24 3F }
    // 暗号化しました
    $enc_b_utf8 = { E6 9A 97 E5 8F B7 E5 8C 96 E3 81 97 E3 81 BE E3 81 97 E3 81 9F }
    $enc_b_utf16le = { 97 66 F7 53 16 53 57 30 7E 30 57 30 5F 30 }
    $enc_b_utf16be = { 66 97 53 F7 53 16 30 57 30 7E 30 57 30 5F }
    $enc_b_cp932 = { 88 C3 8D 86 89 BB 82 B5 82 DC 82 B5 82 BD }
    $enc_b_eucjp = { B0 C5 B9 E6 B2 BD A4 B7 A4 DE A4 B7 A4 BF }
    $enc_b_jis = { 30 45 39 66 32 3D 24 37 24 5E 24 37 24 3F }
    // 暗号化されています
    $enc_c_utf8 = { E6 9A 97 E5 8F B7 E5 8C 96 E3 81 95 E3 82 8C E3 81 A6 E3 81 84 E3 81 BE E3 81 99 }
    $enc_c_utf16le = { 97 66 F7 53 16 53 55 30 8C 30 66 30 44 30 7E 30 59 30 }
    $enc_c_utf16be = { 66 97 53 F7 53 16 30 55 30 8C 30 66 30 44 30 7E 30 59 }
    $enc_c_cp932 = { 88 C3 8D 86 89 BB 82 B3 82 EA 82 C4 82 A2 82 DC 82 B7 }
    $enc_c_eucjp = { B0 C5 B9 E6 B2 BD A4 B5 A4 EC A4 C6 A4 A4 A4 DE A4 B9 }
    $enc_c_jis = { 30 45 39 66 32 3D 24 35 24 6C 24 46 24 24 24 5E 24 39 }
    // 暗号化されてい
    $enc_d_utf8 = { E6 9A 97 E5 8F B7 E5 8C 96 E3 81 95 E3 82 8C E3 81 A6 E3 81 84 }
    $enc_d_utf16le = { 97 66 F7 53 16 53 55 30 8C 30 66 30 44 30 }
    $enc_d_utf16be = { 66 97 53 F7 53 16 30 55 30 8C 30 66 30 44 }
    $enc_d_cp932 = { 88 C3 8D 86 89 BB 82 B3 82 EA 82 C4 82 A2 }
    $enc_d_eucjp = { B0 C5 B9 E6 B2 BD A4 B5 A4 EC A4 C6 A4 A4 }
    $enc_d_jis = { 30 45 39 66 32 3D 24 35 24 6C 24 46 24 24 }
    // 身代金
    $pay_a_utf8 = { E8 BA AB E4 BB A3 E9 87 91 }
    $pay_a_utf16le = { AB 8E E3 4E D1 91 }
    $pay_a_utf16be = { 8E AB 4E E3 91 D1 }
    $pay_a_cp932 = { 90 67 91 E3 8B E0 }
    $pay_a_eucjp = { BF C8 C2 E5 B6 E2 }
    $pay_a_jis = { 3F 48 42 65 36 62 }
    // ビットコイン
    $pay_b_utf8 = { E3 83 93 E3 83 83 E3 83 88 E3 82 B3 E3 82 A4 E3 83 B3 }
    $pay_b_utf16le = { D3 30 C3 30 C8 30 B3 30 A4 30 F3 30 }
    $pay_b_utf16be = { 30 D3 30 C3 30 C8 30 B3 30 A4 30 F3 }
    $pay_b_cp932 = { 83 72 83 62 83 67 83 52 83 43 83 93 }
    $pay_b_eucjp = { A5 D3 A5 C3 A5 C8 A5 B3 A5 A4 A5 F3 }
    $pay_b_jis = { 25 53 25 43 25 48 25 33 25 24 25 73 }
    // 支払
    $pay_c_utf8 = { E6 94 AF E6 89 95 }
    $pay_c_utf16le = { 2F 65 55 62 }
    $pay_c_utf16be = { 65 2F 62 55 }
    $pay_c_cp932 = { 8E 78 95 A5 }
    $pay_c_eucjp = { BB D9 CA A7 }
    // 復号
    $dec_a_utf8 = { E5 BE A9 E5 8F B7 }
    $dec_a_utf16le = { A9 5F F7 53 }
    $dec_a_utf16be = { 5F A9 53 F7 }
    $dec_a_cp932 = { 95 9C 8D 86 }
    $dec_a_eucjp = { C9 FC B9 E6 }
    $dec_a_jis = { 49 7C 39 66 }
    // 復元
    $dec_b_utf8 = { E5 BE A9 E5 85 83 }
    $dec_b_utf16le = { A9 5F 43 51 }
    $dec_b_utf16be = { 5F A9 51 43 }
    $dec_b_cp932 = { 95 9C 8C B3 }
    $dec_b_eucjp = { C9 FC B8 B5 }
    $dec_b_jis = { 49 7C 38 35 }
    // 解読
    $dec_c_utf8 = { E8 A7 A3 E8 AA AD }
    $dec_c_utf16le = { E3 89 AD 8A }
    $dec_c_utf16be = { 89 E3 8A AD }
    $dec_c_cp932 = { 89 F0 93 C7 }
    $dec_c_eucjp = { B2 F2 C6 C9 }
    $dec_c_jis = { 32 72 46 49 }
    // 警察
    $thr_a_utf8 = { E8 AD A6 E5 AF 9F }
    $thr_a_utf16le = { 66 8B DF 5B }
    $thr_a_utf16be = { 8B 66 5B DF }
    $thr_a_cp932 = { 8C 78 8E 40 }
    $thr_a_eucjp = { B7 D9 BB A1 }
    $thr_a_jis = { 37 59 3B 21 }
    // 公開
    $thr_b_utf8 = { E5 85 AC E9 96 8B }
    $thr_b_utf16le = { 6C 51 8B 95 }
    $thr_b_utf16be = { 51 6C 95 8B }
    $thr_b_cp932 = { 8C F6 8A 4A }
    $thr_b_eucjp = { B8 F8 B3 AB }
    $thr_b_jis = { 38 78 33 2B }
    // 削除
    $thr_c_utf8 = { E5 89 8A E9 99 A4 }
    $thr_c_utf16le = { 4A 52 64 96 }
    $thr_c_utf16be = { 52 4A 96 64 }
    $thr_c_cp932 = { 8D ED 8F 9C }
    $thr_c_eucjp = { BA EF BD FC }
    $con_a = ".onion" ascii wide nocase
    $con_b = "torproject" ascii wide nocase
    $con_c = "Tor Browser" ascii wide nocase
    $con_d = "otonmail" ascii wide nocase
    // Torブラウザ
    $con_e_utf8 = { 54 6F 72 E3 83 96 E3 83 A9 E3 82 A6 E3 82 B6 }
    $con_e_utf16le = { 54 00 6F 00 72 00 D6 30 E9 30 A6 30 B6 30 }
    $con_e_utf16be = { 00 54 00 6F 00 72 30 D6 30 E9 30 A6 30 B6 }
    $con_e_cp932 = { 54 6F 72 83 75 83 89 83 45 83 55 }
    $con_e_eucjp = { 54 6F 72 A5 D6 A5 E9 A5 A6 A5 B6 }
    $con_f = "onmail." ascii wide nocase
  condition:
    filesize < 256KB and any of ($enc_*) and any of ($pay_*) and any of ($dec_*) and any of ($con_*) and any of ($thr_*)
}
