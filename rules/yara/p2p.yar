// SPDX-License-Identifier: Apache-2.0
// File-sharing software: Japanese P2P programs and torrent clients.

rule Winny_Settings_Or_Upload_Folder : any_type
{
  meta:
    id = "TRG-P2P-001"
    title_en = "Winny settings and folder lists"
    title_ja = "Winnyの設定・共有フォルダ一覧"
    severity = "high"
    technique = "T1048"
    step = "3"
    question = "p2p_present"
    reference = "IPA, warnings on leaks through file-sharing software (Winny), https://www.ipa.go.jp/security/ ; Winny guide, http://www.uguu.org/winny/"
    alternatives_en = "Installation or research without sharing of business files."
    alternatives_ja = "業務ファイルを共有していない導入・研究。"
    limits_en = "Written from public descriptions of the files; not tried on a live installation."
    limits_ja = "公開された説明に基づく。実環境では未検証。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $up = /(^|\n)\[[^\]\r\n]{1,64}\]\r?\nPath[=][^\r\n]{3,250}\r?\nTrip=/ ascii
    $n1 = /[n][o][d][e][r][e]f\.txt/ ascii wide nocase
    $n2 = /UpFolder[.]txt/ ascii wide nocase
    $n3 = "Winny.ini" ascii wide nocase
    $n4 = "Winny.exe" ascii wide nocase
    $n5 = "Winny2.exe" ascii wide nocase
  condition:
    $up or 3 of ($n*)
}

rule Share_P2P_Traces : any_type
{
  meta:
    id = "TRG-P2P-002"
    title_en = "Share (TCP/UDP) file-sharing program traces"
    title_ja = "ファイル共有ソフトShareの痕跡"
    severity = "high"
    technique = "T1048"
    step = "3"
    question = "p2p_present"
    reference = "Share guide, http://uguu.org/share/ ; Japanese Wikipedia, Share (software)"
    alternatives_en = "Installation or research without sharing of business files."
    alternatives_ja = "業務ファイルを共有していない導入・研究。"
    limits_en = "Written from public descriptions of the program; not tried on a live installation."
    limits_ja = "公開された説明に基づく。実環境では未検証。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $a = "ShareNT5" ascii wide nocase
    $b = "Share EX2" ascii wide nocase
    $c = /\b[s][h][a]re\.ex[e]/ ascii wide nocase
    $d = "ShareEX2" ascii wide nocase
    // ファイル倉庫NT56s0tGbv
    $e_utf8 = { E3 83 95 E3 82 A1 E3 82 A4 E3 83 AB E5 80 89 E5 BA AB 4E 54 35 36 73 30 74 47 62 76 }
    $e_utf16le = { D5 30 A1 30 A4 30 EB 30 09 50 AB 5E 4E 00 54 00 35 00 36 00 73 00 30 00 74 00 47 00 62 00 76 00 }
    $e_utf16be = { 30 D5 30 A1 30 A4 30 EB 50 09 5E AB 00 4E 00 54 00 35 00 36 00 73 00 30 00 74 00 47 00 62 00 76 }
    $e_cp932 = { 83 74 83 40 83 43 83 8B 91 71 8C C9 4E 54 35 36 73 30 74 47 62 76 }
    $e_eucjp = { A5 D5 A5 A1 A5 A4 A5 EB C1 D2 B8 CB 4E 54 35 36 73 30 74 47 62 76 }
    $f = "NT56s0tGbv" ascii wide
    $g = "Share NT5" ascii wide nocase
  condition:
    any of ($e*, $f) or ($c and any of ($a, $b, $d, $g)) or (any of ($b, $d) and any of ($a, $g))
}

rule PerfectDark_P2P_Traces : any_type
{
  meta:
    id = "TRG-P2P-003"
    title_en = "Perfect Dark file-sharing program traces"
    title_ja = "ファイル共有ソフトPerfect Darkの痕跡"
    severity = "high"
    technique = "T1048"
    step = "3"
    question = "p2p_present"
    reference = "Perfect Dark (P2P), https://en.wikipedia.org/wiki/Perfect_Dark_(P2P)"
    alternatives_en = "Installation or research without sharing of business files. The video game of that name."
    alternatives_ja = "業務ファイルを共有していない導入・研究。同名のゲーム。"
    limits_en = "Written from public descriptions of the program; not tried on a live installation."
    limits_ja = "公開された説明に基づく。実環境では未検証。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $a = "perfect dark.exe" ascii wide nocase
    $b = "PerfectDark.exe" ascii wide nocase
    $c = "pd_update" ascii wide nocase
    $d = "perfect dark\\" ascii wide nocase
    $u1 = "\\unity" ascii wide nocase
    $u2 = "\\datastore" ascii wide nocase
  condition:
    any of ($a, $b, $c) and 1 of ($u*) and any of ($a, $b, $d)
}

rule Torrent_File : any_type
{
  meta:
    id = "TRG-P2P-004"
    title_en = "BitTorrent metainfo file"
    title_ja = "BitTorrentのトレントファイル"
    severity = "info"
    technique = "T1048"
    step = "3"
    question = "p2p_present"
    reference = "BEP 3, The BitTorrent Protocol Specification, https://www.bittorrent.org/beps/bep_0003.html"
    alternatives_en = "Download of free software or media."
    alternatives_ja = "フリーソフト等の入手。"
    limits_en = "The file names what can be shared, not that it was shared."
    limits_ja = "共有対象を示すだけで、共有の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $info = "4:infod" ascii
    $pieces = "6:pieces" ascii
    $len = "12:piece lengthi" ascii
  condition:
    uint8(0) == 0x64 and $info and $pieces and $len
}

rule Torrent_Created_By_Desktop_Client : any_type
{
  meta:
    id = "TRG-P2P-005"
    title_en = "Torrent file made by a desktop client (may offer local data)"
    title_ja = "デスクトップソフトで作成されたトレント（手元のデータを提供した可能性）"
    severity = "low"
    technique = "T1048"
    step = "3"
    question = "p2p_present"
    reference = "BEP 3, https://www.bittorrent.org/beps/bep_0003.html"
    alternatives_en = "Torrent of free software made by somebody else and downloaded."
    alternatives_ja = "他者が作成し入手したトレント。"
    limits_en = "The creator may be another computer: compare the creation date with the disk."
    limits_ja = "作成元は別の端末の場合がある。作成日時を端末の記録と照合すること。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $info = "4:infod" ascii
    $pieces = "6:pieces" ascii
    $by = /10:created by[0-9]{1,2}:(uTorrent|BitTorrent\/|qBittorrent|Transmission|Deluge|BitComet|Vuze|Azureus|Tixati|libtorrent|BiglyBT|KTorrent)/ ascii
    $private = "7:privatei1e" ascii
  condition:
    uint8(0) == 0x64 and $info and $pieces and $by and not $private
}

rule Torrent_Client_State_With_Upload : any_type
{
  meta:
    id = "TRG-P2P-006"
    title_en = "Torrent client state that records uploaded bytes"
    title_ja = "アップロード量を記録したトレントソフトの状態ファイル"
    severity = "medium"
    technique = "T1048"
    step = "3"
    question = "p2p_upload"
    reference = "libtorrent manual, fast resume, https://www.libtorrent.org/manual-ref.html ; Transmission resume files, https://github.com/transmission/transmission"
    alternatives_en = "Uploading of public files is part of any torrent download."
    alternatives_ja = "公開ファイルの取得に伴う通常の送信。"
    limits_en = "Says how much was sent, not to whom."
    limits_ja = "送信量は分かるが相手は分からない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $lt = "22:libtorrent resume file" ascii
    $qb = "qBt-" ascii
    $up1 = /14:total_uploadedi[1-9][0-9]{3,15}e/ ascii
    $guard = "10:.fileguard40:" ascii
    $up2 = /8:uploadedi[1-9][0-9]{3,15}e/ ascii
    $dest = "11:destination" ascii
    $prog = "8:progressd" ascii
    $utp = "4:path" ascii
  condition:
    uint8(0) == 0x64 and ((any of ($lt, $qb) and $up1) or (($guard or $utp) and $up2) or ($dest and $prog and $up2))
}

rule EMule_Or_Cabos_Settings : config
{
  meta:
    id = "TRG-P2P-007"
    title_en = "eMule, LimeWire or Cabos settings"
    title_ja = "eMule・LimeWire・Cabosの設定"
    severity = "medium"
    technique = "T1048"
    step = "3"
    question = "p2p_present"
    reference = "eMule project, https://www.emule-project.com/ ; MITRE ATT&CK T1048 Exfiltration Over Alternative Protocol, https://attack.mitre.org/techniques/T1048/"
    alternatives_en = "Installation or research without sharing of business files."
    alternatives_ja = "業務ファイルを共有していない導入・研究。"
    limits_en = "Settings show installation and shared folders, not what was sent."
    limits_ja = "導入と共有フォルダを示すだけで、送信の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $e1 = "[eMule]" ascii wide
    $e2 = "IncomingDir=" ascii wide
    $e3 = /AppVersion[=]/ ascii wide
    $e4 = "dServerList" ascii wide
    $l1 = "DIRECTORY_FOR_SAVING_FILES=" ascii
    $l2 = "DIRECTORIES_TO_SEARCH_FOR_FILES=" ascii
    $l3 = "CLIENT_ID=" ascii
    $l4 = "ULTRAPEER" ascii
    $l5 = "LimeWire" ascii
  condition:
    filesize < 1MB and (($e1 and 2 of ($e2, $e3, $e4)) or (1 of ($l1, $l2) and 1 of ($l3, $l4, $l5)))
}
