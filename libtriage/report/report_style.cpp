// SPDX-License-Identifier: Apache-2.0
#include "report/report_style.h"

#include <fmt/format.h>

#include <array>

#include "bytes/base64.h"
#include "bytes/digest.h"

namespace triage {
namespace {

// Colours keep a contrast of at least 4.5:1 on their ground (WCAG 2.1 §1.4.3): #1b2430, #44505e, #17365d on white.
constexpr std::string_view kStyle = R"css(
:root{--ink:#1b2430;--quiet:#4a5563;--rule:#c5cdd6;--ground:#f4f6f8;--accent:#17365d}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:#fff;color:var(--ink);line-height:1.7;font-size:16px;
 font-family:"Noto Sans CJK JP","Noto Sans JP","Hiragino Kaku Gothic ProN","Yu Gothic","Meiryo","Segoe UI","Helvetica Neue",Arial,sans-serif}
html[lang=en] body{font-family:"Segoe UI","Helvetica Neue",Arial,"Liberation Sans","Noto Sans","Noto Sans CJK JP",sans-serif;line-height:1.55}
main{max-width:1180px;margin:0 auto;padding:0 24px 64px;overflow-wrap:anywhere}
a{color:#0b4a8f;text-underline-offset:2px}
a:focus-visible{outline:3px solid #0b4a8f;outline-offset:2px}
h1{font-size:30px;line-height:1.3;margin:.1em 0 .6em;color:var(--accent)}
h2{font-size:22px;line-height:1.4;margin:0 0 .7em;padding-bottom:.25em;border-bottom:2px solid var(--accent);color:var(--accent)}
h3{font-size:17px;line-height:1.5;margin:1.6em 0 .5em}
h4{font-size:14.5px;margin:1.3em 0 .4em;color:var(--accent)}
p{margin:.5em 0 .8em}
section{margin-top:56px}
.number{color:var(--quiet);font-weight:600;margin-right:.3em}
code,pre{font-family:"Noto Sans Mono CJK JP","DejaVu Sans Mono",Consolas,Menlo,monospace;font-size:.93em}
pre{background:var(--ground);border:1px solid var(--rule);padding:10px 14px;white-space:pre-wrap;margin:.4em 0 1.2em}
.cover{border-top:6px solid var(--accent);padding-top:28px}
.cover .secrecy{display:inline-block;margin:0 0 10px;padding:2px 12px;border:2px solid #8b1a1a;color:#8b1a1a;font-weight:700;letter-spacing:.06em}
.note,.source,.count,.back,.unknown{color:var(--quiet)}
.note,.back{font-size:14px}
.source{font-size:.88em}
.source code{font-size:1em}
.back{margin-top:2em;text-align:right}
.warning{border-left:5px solid #9a5b00;background:#fff8ec;padding:8px 14px}
nav{margin-top:36px;border:1px solid var(--rule);padding:18px 24px 10px}
nav h2{border:0;margin:0;padding:0;font-size:17px}
nav ol{columns:2;column-gap:40px;padding-left:1.8em;margin:.6em 0}
nav li{break-inside:avoid;margin:.15em 0}
table{border-collapse:collapse;width:100%;font-size:14px;line-height:1.55}
th,td{text-align:left;vertical-align:top;padding:6px 10px;border:1px solid var(--rule)}
th{background:var(--ground);font-weight:600}
.facts{margin:.4em 0 1em}
.facts th{width:13.5em}
.scroll{overflow-x:auto;margin:.4em 0 1.2em}
.grid th{white-space:nowrap}
.grid tbody tr:nth-child(even){background:#fafbfc}
.grid tr:target,.card:target{outline:3px solid #c98a00;outline-offset:-2px}
.numeral{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.bands{width:auto}
.density td:first-child{white-space:nowrap}
.events{font-size:13px;table-layout:fixed}
.events th{white-space:normal}
.events th:nth-child(1){width:12.5%}
.events th:nth-child(2){width:18%}
.events th:nth-child(3){width:10.5%}
.events th:nth-child(4){width:18%}
.events th:nth-child(5){width:8%}
.events th:nth-child(6){width:16%}
.files th:nth-child(1){width:31%}
.files th:nth-child(5){width:22%}
.files th:nth-child(6){width:17%}
ul.events{padding-left:1.2em;margin:.3em 0 1em}
ul.events li{margin:.35em 0}
.day{border-bottom:1px solid var(--rule);padding-bottom:.15em}
.card{border:1px solid var(--rule);border-left:4px solid var(--accent);padding:2px 18px 10px;margin:18px 0}
.card>h3{margin-top:.8em}
.severity{display:inline-block;padding:0 .65em;border-radius:3px;font-size:.82rem;font-weight:700;line-height:1.6;color:#fff;background:#44505e;white-space:nowrap}
.critical{background:#7d1128}
.high{background:#a8321a}
.medium{background:#8a5200}
.low{background:#2f5d7c}
.tally{white-space:nowrap;margin-right:1em}
.open{color:#8a1c00;font-weight:600}
.blank{color:var(--quiet)}
.verdict{white-space:nowrap}
.yes{color:#7d1128}
.no{color:#17365d}
.next{border:2px solid var(--accent);padding:8px 14px;font-size:17px}
figure{margin:.6em 0 1.4em}
figcaption,.stepnote{font-size:14px;color:var(--quiet)}
.chart{display:block;max-width:100%;height:auto}
.chart a:hover rect,.chart a:focus-visible rect{stroke:#1b2430;stroke-width:2}
.strip{display:block;max-width:100%}
.stepbox{width:24px;height:24px;margin:2px 4px 2px 0;vertical-align:middle;accent-color:#17365d}
.steplabel{display:inline-block;margin-right:14px;min-height:24px;line-height:24px;font-size:14px;vertical-align:middle}
.stepbox:focus-visible{outline:3px solid #0b4a8f;outline-offset:2px}
#show-1:not(:checked)~.lanechart .s1,#show-2:not(:checked)~.lanechart .s2,#show-3:not(:checked)~.lanechart .s3,#show-4:not(:checked)~.lanechart .s4,#show-5:not(:checked)~.lanechart .s5,#show-6:not(:checked)~.lanechart .s6{display:none}
.answers th:nth-child(1){width:34%}
.answers th:nth-child(2){width:9em}
.ten th:nth-child(1){width:13em}
.ten th:nth-child(3){width:9em}
.coverage th:nth-child(5){width:410px}
.coverage .when{white-space:nowrap}
.top{padding-left:1.2em}
.top li{margin:.45em 0}
.sheet{list-style:none;padding:0;margin:.6em 0 1.2em;display:flex;flex-wrap:wrap;gap:14px}
.shot{width:196px;padding:10px;border:1px solid var(--rule);font-size:12.5px;line-height:1.45;break-inside:avoid}
.shot img{display:block;max-width:100%;height:auto;margin:0 auto 4px;background:var(--ground)}
.shot .words{display:block;max-height:160px;overflow:hidden;padding:6px 8px;background:var(--ground);font-size:12px}
@media screen and (max-width:760px){
 main{padding:0 14px 40px}
 h1{font-size:24px}
 h2{font-size:19px}
 nav{padding:14px}
 nav ol{columns:1}
 .card{padding:2px 12px 8px}
 figure{overflow-x:auto}
 .chart{min-width:820px;max-width:none}
 .facts,.facts tbody,.facts tr,.facts th,.facts td{display:block;width:auto}
 .facts tr{border:1px solid var(--rule);border-bottom:0}
 .facts tr:last-child{border-bottom:1px solid var(--rule)}
 .facts th,.facts td{border:0}
 .facts th{padding-bottom:2px}
 .cards,.cards tbody,.cards tr,.cards td{display:block;width:auto}
 .cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
 .cards tr{border:1px solid var(--rule);margin:0 0 12px;padding:4px 0}
 .cards td{border:0;white-space:normal;padding:3px 10px 3px 7.8em;text-align:left}
 .cards td:empty{display:none}
 .cards td::before{content:attr(data-label);float:left;width:6.6em;margin-left:-7.1em;font-weight:600;color:var(--quiet)}
 .cards td::after{content:"";display:block;clear:both}
}
@page{size:A4;margin:20mm 15mm 20mm 30mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:8pt}}
@media print{
 body{font-size:10pt;line-height:1.55}
 main{max-width:none;padding:0}
 a{color:inherit;text-decoration:none}
 .back{display:none}
 section{margin-top:22pt}
 #findings,#timeline{break-before:page}
 #summary,#clock{break-before:page}
 nav li a::after{content:" ... " target-counter(attr(href),page)}
 .stepbox,.steplabel,.stepnote{display:none}
 a[href^="3-"]{-weasy-link:none}
 .card,figure{break-inside:auto}
 .chart{width:100%}
 .strip{width:150px}
 .coverage th:nth-child(5){width:160px}
 h1{font-size:20pt}
 h2{font-size:14pt}
 h3{font-size:11.5pt}
 h2,h3,h4,.note{break-after:avoid}
 table{font-size:8.5pt}
 th,td{padding:3pt 5pt;border:0.5pt solid #9aa5b1}
 th{background-color:#f4f6f8}
 .card,nav,pre{border:0.5pt solid #9aa5b1}
 .card{border-left:3pt solid #17365d}
 .next{border:1.5pt solid #17365d;font-size:11pt}
 .note,figcaption{font-size:8.5pt}
 .events{font-size:7pt;line-height:1.4}
 .files,.density,.volumes{font-size:7.5pt}
 thead{display:table-header-group}
 tr,.top li,ul.events li{break-inside:avoid}
 .scroll{overflow:visible}
 .grid th{white-space:normal}
 th,.severity,.warning,pre,rect{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
)css";

}  // namespace

std::string_view report_style() { return kStyle; }

std::string report_policy() {
  Sha256 digest;
  digest.update(kStyle);
  const std::array<std::byte, 32> raw = digest.finish_raw();
  return fmt::format("default-src 'none'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
                     to_base64(Bytes(raw)));
}

}  // namespace triage
