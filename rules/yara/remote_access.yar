// SPDX-License-Identifier: Apache-2.0
// Remote-control software, tunnels and their settings.

rule AnyDesk_Settings : config
{
  meta:
    id = "TRG-RMT-001"
    title_en = "AnyDesk settings of an installed client"
    title_ja = "AnyDeskの設定（端末で利用された痕跡）"
    severity = "low"
    technique = "T1219"
    step = "3"
    question = "remote_access_present"
    reference = "MITRE ATT&CK T1219 Remote Access Tools, https://attack.mitre.org/techniques/T1219/"
    alternatives_en = "Support by the organisation's own help desk or a contracted vendor."
    alternatives_ja = "自社ヘルプデスクや契約業者による遠隔支援。"
    limits_en = "Settings show installation; connections stand in ad.trace and connection_trace.txt."
    limits_ja = "導入を示すだけで、接続の有無はad.traceやconnection_trace.txtで確認する。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $id = "ad.anynet.id=" ascii
    $alias = "ad.anynet.alias=" ascii
    $fpr = "ad.anynet.fpr=" ascii
    $cert = "ad.anynet.cert=" ascii
    $roster = "ad.roster.items=" ascii
    $last = "ad.anynet.last_relay=" ascii
  condition:
    filesize < 1MB and 2 of them
}

rule AnyDesk_Unattended_Password : any_type
{
  meta:
    id = "TRG-RMT-002"
    title_en = "AnyDesk set up for unattended access"
    title_ja = "無人アクセスが設定されたAnyDesk"
    severity = "high"
    technique = "T1219"
    step = "3"
    question = "remote_access_present"
    reference = "MITRE ATT&CK T1219 Remote Access Tools, https://attack.mitre.org/techniques/T1219/ ; AnyDesk command line interface, https://support.anydesk.com/"
    alternatives_en = "Support by the organisation's own help desk or a contracted vendor."
    alternatives_ja = "自社ヘルプデスクや契約業者による遠隔支援。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $hash = /ad\.anynet\.pwd_hash=[0-9a-fA-F]{64}/ ascii wide
    $cli = /anydesk(\.exe)?["']?\s[^\r\n]{0,120}--(set-password|start-with-win)/ ascii wide nocase
  condition:
    any of them
}

rule TeamViewer_Session_Log : text
{
  meta:
    id = "TRG-RMT-003"
    title_en = "TeamViewer list of sessions"
    title_ja = "TeamViewerの接続履歴"
    severity = "low"
    technique = "T1219"
    step = "3"
    question = "remote_access_present"
    reference = "MITRE ATT&CK T1219 Remote Access Tools, https://attack.mitre.org/techniques/T1219/"
    alternatives_en = "Support by the organisation's own help desk or a contracted vendor."
    alternatives_ja = "自社ヘルプデスクや契約業者による遠隔支援。"
    limits_en = "Connections_incoming.txt names the remote id, not the person; its times are UTC."
    limits_ja = "相手のIDは分かるが人物は分からない。時刻はUTC。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $row = /\t[0-9]{2}-[0-9]{2}-[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}\t[0-9]{2}-[0-9]{2}-[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}\t[^\t\r\n]{1,64}\t(RemoteControl|FileTransfer|Presentation)\t/ ascii wide
  condition:
    $row
}

rule Ngrok_Tunnel : any_type
{
  meta:
    id = "TRG-RMT-004"
    title_en = "ngrok settings or command that opens a tunnel"
    title_ja = "トンネルを開くngrokの設定・コマンド"
    severity = "medium"
    technique = "T1572"
    step = "3"
    question = "remote_access_present"
    reference = "MITRE ATT&CK S0508 ngrok, https://attack.mitre.org/software/S0508/ ; ngrok agent configuration, https://ngrok.com/docs/agent/config/"
    alternatives_en = "Developers showing a local web site."
    alternatives_ja = "開発者による動作確認用の公開。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $conf1 = /uthtoke[n]: ?["']?[0-9A-Za-z_]{27,60}/ ascii
    $conf2 = /tunnels[:]/ ascii
    $conf3 = /endpoints[:]/ ascii
    $cmd = /ngrok(\.exe)?["']?\s{1,3}(tcp|tls)\s{1,3}[^\r\n]{0,60}[0-9]{2,5}\b/ ascii wide nocase
    $add = /ngrok(\.exe)?["']? (config add-authtoken|authtoken) [0-9A-Za-z_]{27,60}/ ascii wide nocase
  condition:
    filesize < 16MB and ($cmd or $add or ($conf1 and any of ($conf2, $conf3)))
}

rule Reverse_Proxy_Client_Settings : any_type
{
  meta:
    id = "TRG-RMT-005"
    title_en = "frp client settings or chisel/plink reverse tunnel"
    title_ja = "frpの設定、chisel・plinkの逆方向トンネル"
    severity = "high"
    technique = "T1572"
    step = "3"
    question = "remote_access_present"
    reference = "MITRE ATT&CK T1572 Protocol Tunneling, https://attack.mitre.org/techniques/T1572/ ; frp, https://github.com/fatedier/frp ; chisel, https://github.com/jpillora/chisel"
    alternatives_en = "Approved remote maintenance of a branch office."
    alternatives_ja = "承認された拠点の遠隔保守。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Shows that the text is present, not that it was run."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。文字列の存在を示すだけで、実行の事実は示さない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $f1a = /[s][e][r][v][e]r_addr ?= ?["']?[0-9A-Za-z.-]{4,80}/ ascii
    $f1b = /[s][e][r]verAddr ?= ?["']?[0-9A-Za-z.-]{4,80}/ ascii
    $f2a = /[s][e][r][v][e]r_port ?= ?[0-9]{2,5}/ ascii
    $f2b = /[s][e][r]verPort ?= ?[0-9]{2,5}/ ascii
    $f3a = /[r][e][m][o]te_port ?= ?[0-9]{2,5}/ ascii
    $f3b = /[r][e][m]otePort ?= ?[0-9]{2,5}/ ascii
    $f4a = /[l][o][c]al_port ?= ?[0-9]{2,5}/ ascii
    $f4b = /[l][o]calPort ?= ?[0-9]{2,5}/ ascii
    $f5 = "plugin = socks5" ascii
    $f6 = "[common]" ascii
    $f7 = "[[proxies]]" ascii
    $ch = /chisel(\.exe)?["']?\s{1,3}client\s[^\r\n]{0,160}\bR:/ ascii wide
    $pl = /plink(\.exe)?["']?\s[^\r\n]{0,120}-R\s{0,2}[0-9.:]{2,24}:[0-9A-Za-z.:]{4,60}/ ascii wide nocase
  condition:
    filesize < 4MB and ($ch or $pl or (any of ($f1*) and any of ($f2*) and any of ($f6, $f7) and ($f5 or (any of ($f3*) and any of ($f4*)))))
}
