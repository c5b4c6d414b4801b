// SPDX-License-Identifier: Apache-2.0
// Web shells: scripts on a web server that run what a request carries.
// PHP function names are case-insensitive, superglobals are not; the regexes hang on the superglobal.

rule WebShell_PHP_Eval_Of_Request : script
{
  meta:
    id = "TRG-WEB-001"
    title_en = "PHP code that evaluates request data"
    title_ja = "リクエストの内容を評価実行するPHPコード"
    severity = "critical"
    technique = "T1505.003"
    step = "3"
    question = "webshell_present"
    reference = "MITRE ATT&CK T1505.003 Web Shell, https://attack.mitre.org/techniques/T1505/003/"
    alternatives_en = "A deliberately vulnerable training application, or badly written code of the site's own."
    alternatives_ja = "教育用の脆弱なアプリケーション、または自社サイトの不適切な実装。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $php = "<?" ascii
    $post = /([eE][vV][aA][lL]|[aA][sS][sS][eE][rR][tT])\s{0,4}\([^;$\r\n]{0,48}\$_POST\s{0,2}[\[{]/ ascii
    $get = /([eE][vV][aA][lL]|[aA][sS][sS][eE][rR][tT])\s{0,4}\([^;$\r\n]{0,48}\$_GET\s{0,2}[\[{]/ ascii
    $request = /([eE][vV][aA][lL]|[aA][sS][sS][eE][rR][tT])\s{0,4}\([^;$\r\n]{0,48}\$_REQUEST\s{0,2}[\[{]/ ascii
    $cookie = /([eE][vV][aA][lL]|[aA][sS][sS][eE][rR][tT])\s{0,4}\([^;$\r\n]{0,48}\$_COOKIE\s{0,2}[\[{]/ ascii
  condition:
    $php and filesize < 5MB and any of ($post, $get, $request, $cookie)
}

rule WebShell_PHP_Command_From_Request : script
{
  meta:
    id = "TRG-WEB-002"
    title_en = "PHP code that runs request data as a command"
    title_ja = "リクエストの内容をコマンドとして実行するPHPコード"
    severity = "critical"
    technique = "T1505.003"
    step = "3"
    question = "webshell_present"
    reference = "MITRE ATT&CK T1505.003 Web Shell, https://attack.mitre.org/techniques/T1505/003/"
    alternatives_en = "A deliberately vulnerable training application, or badly written code of the site's own."
    alternatives_ja = "教育用の脆弱なアプリケーション、または自社サイトの不適切な実装。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $php = "<?" ascii
    $post = /\b(system|shell_exec|passthru|popen|proc_open|pcntl_exec|exec)\s{0,4}\([^;$\r\n]{0,32}\$_POST\s{0,2}[\[{]/ ascii
    $get = /\b(system|shell_exec|passthru|popen|proc_open|pcntl_exec|exec)\s{0,4}\([^;$\r\n]{0,32}\$_GET\s{0,2}[\[{]/ ascii
    $request = /\b(system|shell_exec|passthru|popen|proc_open|pcntl_exec|exec)\s{0,4}\([^;$\r\n]{0,32}\$_REQUEST\s{0,2}[\[{]/ ascii
    $cookie = /\b(system|shell_exec|passthru|popen|proc_open|pcntl_exec|exec)\s{0,4}\([^;$\r\n]{0,32}\$_COOKIE\s{0,2}[\[{]/ ascii
    $server = /\b(system|shell_exec|passthru|popen|proc_open|pcntl_exec|exec)\s{0,4}\([^;$\r\n]{0,32}\$_SERVER\s{0,2}\[.HTTP_/ ascii
  condition:
    $php and filesize < 5MB and any of ($post, $get, $request, $cookie, $server)
}

rule WebShell_PHP_Packed_Eval : script
{
  meta:
    id = "TRG-WEB-003"
    title_en = "PHP code that unpacks and evaluates a hidden payload"
    title_ja = "隠したコードを展開して評価実行するPHP"
    severity = "high"
    technique = "T1027"
    step = "3"
    question = "webshell_present"
    reference = "MITRE ATT&CK T1505.003 Web Shell, https://attack.mitre.org/techniques/T1505/003/"
    alternatives_en = "Commercial PHP protected by a simple obfuscator."
    alternatives_ja = "簡易難読化された市販のPHP製品。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $php = "<?" ascii
    $b64 = /[eE][vV][aA][lL]\s{0,4}\(\s{0,4}@?(gzinflate|gzuncompress|gzdecode|str_rot13|strrev|convert_uudecode|rawurldecode|urldecode)\s{0,4}\(\s{0,4}[^;$\r\n]{0,48}(base64_decode|str_rot13|gzinflate)\s{0,4}\(/ ascii nocase
    $plain = /[eE][vV][aA][lL]\s{0,4}\(\s{0,4}@?base64_decode\s{0,4}\(\s{0,4}['"][A-Za-z0-9+\/=]{24}/ ascii nocase
  condition:
    $php and any of ($b64, $plain)
}

rule WebShell_PHP_Function_From_Request : script
{
  meta:
    id = "TRG-WEB-004"
    title_en = "PHP code that takes the function to call from the request"
    title_ja = "呼び出す関数をリクエストから受け取るPHPコード"
    severity = "critical"
    technique = "T1505.003"
    step = "3"
    question = "webshell_present"
    reference = "MITRE ATT&CK T1505.003 Web Shell, https://attack.mitre.org/techniques/T1505/003/"
    alternatives_en = "A deliberately vulnerable training application, or badly written code of the site's own."
    alternatives_ja = "教育用の脆弱なアプリケーション、または自社サイトの不適切な実装。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $php = "<?" ascii
    $call_post = /\$_POST\s{0,2}\[[^\]\r\n]{1,32}\]\s{0,2}\(\s{0,2}@?\$_(POST|GET|REQUEST|COOKIE)/ ascii
    $call_get = /\$_GET\s{0,2}\[[^\]\r\n]{1,32}\]\s{0,2}\(\s{0,2}@?\$_(POST|GET|REQUEST|COOKIE)/ ascii
    $call_request = /\$_REQUEST\s{0,2}\[[^\]\r\n]{1,32}\]\s{0,2}\(\s{0,2}@?\$_(POST|GET|REQUEST|COOKIE)/ ascii
    $call_cookie = /\$_COOKIE\s{0,2}\[[^\]\r\n]{1,32}\]\s{0,2}\(\s{0,2}@?\$_(POST|GET|REQUEST|COOKIE)/ ascii
    $map_post = /(array_map|array_filter|array_walk|usort|call_user_func|call_user_func_array|register_shutdown_function)\s{0,4}\(\s{0,4}['"](assert|system|exec|passthru|shell_exec)['"]\s{0,2},[^;\r\n]{0,48}\$_POST/ ascii
    $map_get = /(array_map|array_filter|array_walk|usort|call_user_func|call_user_func_array|register_shutdown_function)\s{0,4}\(\s{0,4}['"](assert|system|exec|passthru|shell_exec)['"]\s{0,2},[^;\r\n]{0,48}\$_GET/ ascii
    $map_request = /(array_map|array_filter|array_walk|usort|call_user_func|call_user_func_array|register_shutdown_function)\s{0,4}\(\s{0,4}['"](assert|system|exec|passthru|shell_exec)['"]\s{0,2},[^;\r\n]{0,48}\$_REQUEST/ ascii
    $map_cookie = /(array_map|array_filter|array_walk|usort|call_user_func|call_user_func_array|register_shutdown_function)\s{0,4}\(\s{0,4}['"](assert|system|exec|passthru|shell_exec)['"]\s{0,2},[^;\r\n]{0,48}\$_COOKIE/ ascii
    $create_post = /create_function\s{0,4}\([^;\r\n]{0,48}\$_POST/ ascii
    $create_get = /create_function\s{0,4}\([^;\r\n]{0,48}\$_GET/ ascii
    $create_request = /create_function\s{0,4}\([^;\r\n]{0,48}\$_REQUEST/ ascii
    $create_cookie = /create_function\s{0,4}\([^;\r\n]{0,48}\$_COOKIE/ ascii
  condition:
    $php and any of ($call_*, $map_*, $create_*)
}

rule WebShell_PHP_Control_Panel : script
{
  meta:
    id = "TRG-WEB-005"
    title_en = "PHP file-manager and command panel"
    title_ja = "ファイル操作・コマンド実行機能を持つPHP管理画面型Webシェル"
    severity = "high"
    technique = "T1505.003"
    step = "3"
    question = "webshell_present"
    reference = "MITRE ATT&CK T1505.003 Web Shell, https://attack.mitre.org/techniques/T1505/003/"
    alternatives_en = "A hosting control panel or server-diagnosis script."
    alternatives_ja = "ホスティング管理画面やサーバ診断スクリプト。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $php = "<?php" ascii nocase
    $f1 = /disable[_]functions/ ascii
    $f2 = "php_uname(" ascii
    $f3 = "posix_getpwuid(" ascii
    $f4 = "tc/passwd" ascii
    $f5 = "fsockopen" ascii
    $f6 = "fe_mode" ascii
    $f7 = "_uploaded_file(" ascii
    $x1 = "shell_exec(" ascii
    $x2 = "passthru(" ascii
    $x3 = "c_open(" ascii
    $r1 = "$_POST[" ascii
    $r2 = "$_REQUEST[" ascii
    $r3 = "$_FILES[" ascii
    $r4 = "$_GET[" ascii
  condition:
    $php and filesize < 1MB and any of ($r*) and 4 of ($f*) and 2 of ($x*)
}

rule WebShell_ASP_Eval_Of_Request : script
{
  meta:
    id = "TRG-WEB-006"
    title_en = "ASP or ASPX one-liner that evaluates request data"
    title_ja = "リクエストの内容を評価実行するASP/ASPXの一行コード"
    severity = "critical"
    technique = "T1505.003"
    step = "3"
    question = "webshell_present"
    reference = "MITRE ATT&CK T1505.003 Web Shell, https://attack.mitre.org/techniques/T1505/003/"
    alternatives_en = "A deliberately vulnerable training application, or badly written code of the site's own."
    alternatives_ja = "教育用の脆弱なアプリケーション、または自社サイトの不適切な実装。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $asp = "<%" ascii
    $script = "runat=" ascii nocase
    $vb1 = "eval request(" ascii nocase
    $vb2 = "eval(request(" ascii nocase
    $vb3 = "execute request(" ascii nocase
    $vb4 = "execute(request(" ascii nocase
    $vb5 = "executeglobal request(" ascii nocase
    $vb6 = "executeglobal(request(" ascii nocase
    $js1 = "eval(Request.Item[" ascii nocase
    $js2 = "eval(Request.Form" ascii nocase
    $js3 = "eval(Request.QueryString" ascii nocase
  condition:
    any of ($asp, $script) and any of ($vb*, $js*)
}

rule WebShell_ASPX_Process_Start : script
{
  meta:
    id = "TRG-WEB-007"
    title_en = "ASPX page that starts a command interpreter from request data"
    title_ja = "リクエストの内容でコマンドを起動するASPXページ"
    severity = "high"
    technique = "T1505.003"
    step = "3"
    question = "webshell_present"
    reference = "MITRE ATT&CK T1505.003 Web Shell, https://attack.mitre.org/techniques/T1505/003/"
    alternatives_en = "An in-house maintenance page that runs fixed commands."
    alternatives_ja = "決まったコマンドを実行する社内保守用ページ。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $page = /<%@\s{0,4}(Page|WebHandler|WebService)\s/ ascii wide nocase
    $proc = "sStartInfo" ascii wide
    $start = "s.Start(" ascii wide
    $shell1 = "cmd.exe" ascii wide nocase
    $shell2 = "powershell" ascii wide nocase
    $req1 = "t.Form" ascii wide
    $req2 = "t.QueryString" ascii wide
    $req3 = "t.Params" ascii wide
    $req4 = "Request[" ascii wide
    $req5 = "t.Headers" ascii wide
    $req6 = "tBox" ascii wide
  condition:
    $page and filesize < 1MB and any of ($proc, $start) and any of ($shell*) and any of ($req*)
}

rule WebShell_JSP_Runtime_Exec : script
{
  meta:
    id = "TRG-WEB-008"
    title_en = "JSP that runs a request parameter as a command"
    title_ja = "リクエストのパラメータをコマンドとして実行するJSP"
    severity = "critical"
    technique = "T1505.003"
    step = "3"
    question = "webshell_present"
    reference = "MITRE ATT&CK T1505.003 Web Shell, https://attack.mitre.org/techniques/T1505/003/"
    alternatives_en = "A deliberately vulnerable training application, or badly written code of the site's own."
    alternatives_ja = "教育用の脆弱なアプリケーション、または自社サイトの不適切な実装。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen. Scripts that split the names by reflection escape it."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。リフレクションで名前を分割したものは検出できない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $jsp1 = "<%" ascii
    $jsp2 = "<jsp:" ascii
    $run = /[R]u[n]t[i]me\s{0,4}\.\s{0,4}getRuntime\s{0,4}\(\s{0,4}\)\s{0,4}\.\s{0,4}exec\s{0,4}\(/ ascii
    $pb = /new\s{1,4}Pro[c]essBuilder\s{0,4}\(/ ascii
    $req1 = /[r]e[q]u[e]st\s{0,2}\.\s{0,2}getParameter\s{0,2}\(/ ascii
    $req2 = /[r]e[q]u[e]st\s{0,2}\.\s{0,2}getHeader\s{0,2}\(/ ascii
  condition:
    any of ($jsp*) and filesize < 1MB and any of ($run, $pb) and any of ($req*)
}

rule WebShell_JSP_Class_Loader : script
{
  meta:
    id = "TRG-WEB-009"
    title_en = "JSP that loads a Java class sent in the request"
    title_ja = "リクエストで送られたJavaクラスを読み込むJSP（暗号化通信型）"
    severity = "critical"
    technique = "T1505.003"
    step = "3"
    question = "webshell_present"
    reference = "MITRE ATT&CK T1505.003 Web Shell, https://attack.mitre.org/techniques/T1505/003/"
    alternatives_en = "A deliberately vulnerable training application, or badly written code of the site's own."
    alternatives_ja = "教育用の脆弱なアプリケーション、または自社サイトの不適切な実装。"
    limits_en = "Plain text only; compressed, encrypted or obfuscated copies are not seen."
    limits_ja = "平文だけが対象で、圧縮・暗号化・難読化されたものは検出しない。"
    date = "2026-11-22"
    license = "Apache-2.0"
  strings:
    $jsp1 = "<%" ascii
    $jsp2 = "<jsp:" ascii
    $loader = "ssLoader" ascii
    $define = "eClass" ascii
    $aes = "javax.crypto" ascii
    $b64 = "Base64" ascii
    $in1 = "getReader" ascii
    $in2 = "getInputStream" ascii
    $in3 = "getParameter" ascii
  condition:
    any of ($jsp*) and filesize < 1MB and $loader and $define and any of ($aes, $b64) and any of ($in*)
}
