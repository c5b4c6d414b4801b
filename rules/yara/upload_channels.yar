// SPDX-License-Identifier: Apache-2.0
// Channels by which data leaves: file lockers, chat webhooks, DNS tunnels.

rule Upload_To_File_Locker : any_type
{
  meta:
    id = "TRG-EXF-008"
    title_en = "Command line that uploads to a public file locker or paste site"
    title_ja = "公開ファイル共有・貼り付けサイトへ送るコマンド"
    severity = "high"
    technique = "T1567"
    step = "3"
    question = "exfil_channel_used"
    reference = "MITRE ATT&CK T1567 Exfiltration Over Web Service, https://attack.mitre.org/techniques/T1567/"
    alternatives_en = "Training material, documentation or detection rules that quote the same text. Sharing of harmless files such as logs."
    alternatives_ja = "研修資料、解説文書、検知ルールなどによる引用。ログなど無害なファイルの共有。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run. The list of sites is a sample."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。サイトの一覧は例示である。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $curl = /\bcurl(\.exe)?["']?\s[^\r\n]{0,160}\s(-T|--upload-file|-F|--form|--data-binary|-d)[ ="'][^\r\n]{0,160}[\/.@"' ](transfer[.]sh|file[.]io|gofile[.]io|anonfiles[.]com|bayfiles[.]com|catbox[.]moe|0x0[.]st|temp[.]sh|bashupload[.]com|oshi[.]at|pixeldrain[.]com|filebin[.]net|ufile[.]io|dropmefiles[.]com|sendspace[.]com|pastebin[.]com|paste[.]ee|ix[.]io|termbin[.]com|mega[.]nz|wetransfer[.]com|send[.]exploit[.]in|firestorage[.]jp|gigafile[.]nu|tmpfiles[.]org|uguu[.]se|easyupload[.]io|qaz[.]im|privatlab[.]com|dropfiles[.]me)/ ascii wide
    $curl2 = /\bcurl(\.exe)?["']?\s[^\r\n]{0,160}[\/.](transfer[.]sh|file[.]io|gofile[.]io|anonfiles[.]com|bayfiles[.]com|catbox[.]moe|0x0[.]st|temp[.]sh|bashupload[.]com|oshi[.]at|pixeldrain[.]com|filebin[.]net|ufile[.]io|dropmefiles[.]com|sendspace[.]com|pastebin[.]com|paste[.]ee|ix[.]io|termbin[.]com|mega[.]nz|wetransfer[.]com|send[.]exploit[.]in|firestorage[.]jp|gigafile[.]nu|tmpfiles[.]org|uguu[.]se|easyupload[.]io|qaz[.]im|privatlab[.]com|dropfiles[.]me)[^\r\n]{0,80}\s(-T|--upload-file|-F|--form|--data-binary)[ =]/ ascii wide
    $ps = /(Invoke-WebRequest|Invoke-RestMethod|\.UploadFile|\.UploadData|\.UploadString)[^\r\n]{0,240}[\/.](transfer[.]sh|file[.]io|gofile[.]io|anonfiles[.]com|bayfiles[.]com|catbox[.]moe|0x0[.]st|temp[.]sh|bashupload[.]com|oshi[.]at|pixeldrain[.]com|filebin[.]net|ufile[.]io|dropmefiles[.]com|sendspace[.]com|pastebin[.]com|paste[.]ee|ix[.]io|termbin[.]com|mega[.]nz|wetransfer[.]com|send[.]exploit[.]in|firestorage[.]jp|gigafile[.]nu|tmpfiles[.]org|uguu[.]se|easyupload[.]io|qaz[.]im|privatlab[.]com|dropfiles[.]me)/ ascii wide nocase
  condition:
    filesize < 16MB and ($curl or $curl2 or $ps)
}

rule Telegram_Bot_Upload : any_type
{
  meta:
    id = "TRG-EXF-009"
    title_en = "Telegram bot token with a send call"
    title_ja = "送信呼び出しを伴うTelegramボットのトークン"
    severity = "high"
    technique = "T1567"
    step = "3"
    question = "exfil_channel_used"
    reference = "Telegram Bot API, https://core.telegram.org/bots/api ; MITRE ATT&CK T1567 Exfiltration Over Web Service, https://attack.mitre.org/techniques/T1567/"
    alternatives_en = "A monitoring script that sends alerts to the staff."
    alternatives_ja = "担当者への通知を送る監視スクリプト。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $url = /telegram[.]or[g]\/bot[0-9]{6,12}:[A-Za-z0-9_-]{30,40}/ ascii wide
    $doc = "endDocument" ascii wide nocase
    $msg = "ndMessage" ascii wide nocase
    $photo = "ndPhoto" ascii wide nocase
    $tok = /(bot_token|BOT_TOKEN|botToken|telegram_token|TELEGRAM_TOKEN)["']?\s{0,2}[:=]\s{0,2}["']?[0-9]{8,10}:[A-Za-z0-9_-]{35}\b/ ascii wide
    $api = /telegram[.]or[g]\/bot/ ascii wide
  condition:
    ($url or ($api and $tok)) and any of ($doc, $msg, $photo)
}

rule Discord_Webhook_Address : any_type
{
  meta:
    id = "TRG-EXF-010"
    title_en = "Discord webhook address"
    title_ja = "DiscordのWebhookアドレス"
    severity = "medium"
    technique = "T1567"
    step = "3"
    question = "exfil_channel_used"
    reference = "Discord developer documentation, Webhook resource, https://docs.discord.com/developers/resources/webhook ; MITRE ATT&CK T1567.004 Exfiltration Over Webhook, https://attack.mitre.org/techniques/T1567/004/"
    alternatives_en = "Notification of a build or game server."
    alternatives_ja = "ビルドやゲームサーバの通知。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $url = /ord(app)?[.]com[\/]api[\/](v[0-9]{1,2}[\/])?webhooks[\/][0-9]{17,20}\/[A-Za-z0-9_-]{60,80}/ ascii wide
  condition:
    $url
}

rule DNS_Tunnel_Tool : any_type
{
  meta:
    id = "TRG-EXF-011"
    title_en = "DNS tunnelling tool or its command line"
    title_ja = "DNSトンネリングツールの本体・コマンド"
    severity = "high"
    technique = "T1071.004"
    step = "3"
    question = "exfil_tool_present"
    reference = "MITRE ATT&CK T1071.004 DNS, https://attack.mitre.org/techniques/T1071/004/ ; iodine, https://code.kryo.se/iodine/ ; dnscat2, https://github.com/iagox86/dnscat2"
    alternatives_en = "Authorised penetration test or exercise. The operating system's own package of the tool."
    alternatives_ja = "許可を得た侵入テストや演習。OS標準パッケージとして導入されたもの。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $i1 = "iodine IP over DNS tunneling" ascii wide nocase
    $i2 = /\biodined? (-[a-zA-Z0-9]{1,3} [^\r\n]{0,40}){0,4}-P [^\s]{1,40} [^\r\n]{4,100}/ ascii
    $d1 = /dnscat2?[^\r\n]{0,60}--(secret|dns)[ =]/ ascii wide
    $d2 = "dnscat2>" ascii wide
    $t1 = /dns2tcpc (-[a-z0-9]{1,2} [^\s]{1,60} ){1,4}/ ascii
    $t2 = "dns2tcp.kali.org" ascii
  condition:
    any of them
}
