// SPDX-License-Identifier: Apache-2.0
// The EICAR anti-malware test string. It is harmless; it is written in hex so that this file is not taken for it.

rule EICAR_Test_File : any_type
{
  meta:
    id = "TRG-AV-001"
    title_en = "EICAR anti-malware test file"
    title_ja = "EICARテストファイル（無害）"
    severity = "low"
    technique = ""
    step = "3"
    question = "malware_present"
    reference = "EICAR/ESET, the Anti-Malware Testfile, https://www.eicar.org/download-anti-malware-testfile/"
    alternatives_en = "Someone tested an anti-virus product; the file does nothing."
    alternatives_ja = "ウイルス対策ソフトの動作確認用で、実害はない。"
    limits_en = "Only the published form: 68 bytes at the start, 128 bytes at most."
    limits_ja = "公開仕様どおり（先頭68バイト、全体128バイト以内）の場合だけ検出する。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $test = { 58 35 4F 21 50 25 40 41 50 5B 34 5C 50 5A 58 35 34 28 50 5E 29 37 43 43 29 37 7D 24 45 49 43 41 52 2D 53 54 41 4E 44 41 52 44 2D 41 4E 54 49 56 49 52 55 53 2D 54 45 53 54 2D 46 49 4C 45 21 24 48 2B 48 2A }
  condition:
    filesize <= 128 and $test at 0
}

rule EICAR_String_Embedded : any_type
{
  meta:
    id = "TRG-AV-002"
    title_en = "EICAR test string inside a larger file"
    title_ja = "大きなファイル内のEICARテスト文字列（無害）"
    severity = "info"
    technique = ""
    step = "3"
    question = "malware_present"
    reference = "EICAR/ESET, the Anti-Malware Testfile, https://www.eicar.org/download-anti-malware-testfile/"
    alternatives_en = "Manuals, test suites and mail quoting the test string."
    alternatives_ja = "解説書・テスト用データ・メールでの引用。"
    limits_en = "Encoded copies (base64, zip) are seen only after unpacking."
    limits_ja = "base64やZIP内のものは展開後にだけ検出する。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $test = { 58 35 4F 21 50 25 40 41 50 5B 34 5C 50 5A 58 35 34 28 50 5E 29 37 43 43 29 37 7D 24 45 49 43 41 52 2D 53 54 41 4E 44 41 52 44 2D 41 4E 54 49 56 49 52 55 53 2D 54 45 53 54 2D 46 49 4C 45 21 24 48 2B 48 2A }
  condition:
    filesize > 128 and $test
}
