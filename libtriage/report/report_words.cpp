// SPDX-License-Identifier: Apache-2.0
#include "report/report_words.h"

#include <array>

namespace triage {
namespace {

using enum WordGroup;

constexpr std::array kRecordWords = std::to_array<Word>({
    {kAction, "file.created", "file created", "ファイルの作成"},
    {kAction, "file.modified", "file content changed", "ファイルの内容の変更"},
    {kAction, "file.accessed", "file read", "ファイルの参照"},
    {kAction, "file.changed", "file record changed", "ファイル情報の変更"},
    {kAction, "file.renamed", "file renamed or moved", "ファイル名の変更・移動"},
    {kAction, "file.deleted", "file deleted", "ファイルの削除"},
    {kAction, "file.recycled", "moved to the recycle bin", "ごみ箱への移動"},
    {kAction, "file.opened", "file opened", "ファイルを開いた記録"},
    {kAction, "file.downloaded", "file downloaded", "ファイルのダウンロード"},
    {kAction, "file.seen", "file noted", "ファイルの存在の記録"},
    {kAction, "program.run", "program run", "プログラムの実行"},
    {kAction, "program.installed", "program installed", "プログラムの導入"},
    {kAction, "url.visited", "web page visited", "ウェブページの閲覧"},
    {kAction, "search.performed", "search", "検索"},
    {kAction, "logon.succeeded", "logon", "ログオン成功"},
    {kAction, "logon.failed", "failed logon", "ログオン失敗"},
    {kAction, "logon.ended", "logoff", "ログオフ"},
    {kAction, "system.started", "system started", "システムの起動"},
    {kAction, "system.stopped", "system stopped", "システムの停止"},
    {kAction, "clock.changed", "clock changed", "時計の変更"},
    {kAction, "log.cleared", "log cleared", "ログの消去"},
    {kAction, "log.recorded", "log entry", "ログの記録"},
    {kAction, "device.connected", "device connected", "機器の接続"},
    {kAction, "device.disconnected", "device disconnected", "機器の取外し"},
    {kAction, "config.changed", "setting changed", "設定の変更"},
    {kAction, "account.changed", "account changed", "アカウントの変更"},
    {kAction, "network.connected", "network connection", "ネットワークへの接続"},
    {kAction, "message.sent", "message sent", "メッセージの送信"},
    {kAction, "message.received", "message received", "メッセージの受信"},
    {kAction, "document.printed", "document printed", "印刷"},
    {kAction, "service.started", "service started", "サービスの開始"},
    {kAction, "task.run", "scheduled task run", "タスクの実行"},
    {kAction, "other", "other", "その他"},

    {kMeaning, "created", "created", "作成"},
    {kMeaning, "modified", "modified", "更新"},
    {kMeaning, "accessed", "accessed", "参照"},
    {kMeaning, "changed", "record changed", "情報変更"},
    {kMeaning, "deleted", "deleted", "削除"},
    {kMeaning, "run", "run", "実行"},
    {kMeaning, "logged", "logged", "記録"},
    {kMeaning, "connected", "connected", "接続"},
    {kMeaning, "disconnected", "disconnected", "取外し"},
    {kMeaning, "visited", "visited", "閲覧"},
    {kMeaning, "download_started", "download started", "ダウンロード開始"},
    {kMeaning, "download_ended", "download ended", "ダウンロード終了"},
    {kMeaning, "sent", "sent", "送信"},
    {kMeaning, "received", "received", "受信"},
    {kMeaning, "first_seen", "first seen", "最初の記録"},
    {kMeaning, "last_seen", "last seen", "最後の記録"},
    {kMeaning, "printed", "printed", "印刷"},
    {kMeaning, "installed", "installed", "導入"},
    {kMeaning, "started", "started", "開始"},
    {kMeaning, "ended", "ended", "終了"},
    {kMeaning, "searched", "searched", "検索"},
    {kMeaning, "typed_last", "last typed", "最後の入力"},
    {kMeaning, "synced", "synchronised", "同期"},
    {kMeaning, "backed_up", "backed up", "バックアップ"},
    {kMeaning, "other", "other", "その他"},

    {kArtifact, "fs.times", "File times", "ファイルの時刻"},
    {kArtifact, "ntfs.filename", "NTFS name record", "NTFS の名前の記録"},
    {kArtifact, "ntfs.usnjrnl", "NTFS change journal", "NTFS の変更履歴"},
    {kArtifact, "ntfs.mft", "NTFS master file table", "NTFS のマスターファイルテーブル"},
    {kArtifact, "ntfs.logfile", "NTFS log file", "NTFS のログファイル"},
    {kArtifact, "ntfs.i30", "NTFS folder index", "NTFS のフォルダー索引"},
    {kArtifact, "windows.lnk", "Windows shortcut", "ショートカット"},
    {kArtifact, "windows.jumplist", "Windows jump list", "ジャンプリスト"},
    {kArtifact, "windows.prefetch", "Windows prefetch", "プリフェッチ"},
    {kArtifact, "windows.recyclebin", "Recycle bin", "ごみ箱"},
    {kArtifact, "windows.evtx", "Windows event log", "Windows イベントログ"},
    {kArtifact, "windows.registry", "Windows registry", "レジストリー"},
    {kArtifact, "browser.chromium", "Chrome / Edge history", "Chrome・Edge の履歴"},
    {kArtifact, "browser.firefox", "Firefox history", "Firefox の履歴"},
    {kArtifact, "linux.utmp", "Linux logins", "Linux ログイン記録"},
    {kArtifact, "linux.journal", "Linux journal", "Linux ジャーナル"},
    {kArtifact, "linux.syslog", "Linux syslog", "Linux syslog"},

    {kChannel, "usb", "USB device", "USB 機器"},
    {kChannel, "web", "web", "ウェブ"},
    {kChannel, "mail", "mail", "メール"},
    {kChannel, "cloud", "cloud", "クラウド"},
    {kChannel, "share", "network share", "共有フォルダー"},
    {kChannel, "remote", "remote access", "遠隔操作"},
    {kChannel, "print", "printing", "印刷"},
    {kChannel, "p2p", "peer to peer", "P2P"},

    {kHow, "change journal", "change journal", "変更履歴"},
    {kHow, "prefetch", "prefetch", "プリフェッチ"},
    {kHow, "recycle bin", "recycle bin", "ごみ箱"},
    {kHow, "shortcut: stamps of the target", "shortcut: times of its target", "ショートカット(対象の時刻)"},
    {kHow, "download", "download", "ダウンロード"},
    {kHow, "search words in the address", "search words in the address", "アドレス内の検索語"},
    {kHow, "search words of a visited page", "search words of a visited page", "閲覧ページの検索語"},
    {kHow, "link transition", "followed a link", "リンクをたどった"},
    {kHow, "typed transition", "address typed", "アドレスを入力した"},
    {kHow, "auto_bookmark transition", "from a bookmark", "ブックマークから開いた"},
    {kHow, "bookmark transition", "from a bookmark", "ブックマークから開いた"},
    {kHow, "form_submit transition", "form sent", "フォームを送信した"},
    {kHow, "reload transition", "reloaded", "再読み込みした"},
    {kHow, "generated transition", "chosen from suggestions", "入力候補から選んだ"},
    {kHow, "keyword transition", "searched by keyword", "キーワードで検索した"},
    {kHow, "auto_toplevel transition", "opened by itself", "自動で開いた"},
    {kHow, "redirect_permanent transition", "redirected", "転送された"},
    {kHow, "redirect_temporary transition", "redirected", "転送された"},
});

}  // namespace

std::span<const Word> record_words() { return kRecordWords; }

std::string_view word(const Phrases& say, WordGroup group, std::string_view code) {
  for (const std::span<const Word> table : {record_words(), state_words()}) {
    for (const Word& entry : table) {
      if (entry.group == group && entry.code == code) return say.japanese() ? entry.ja : entry.en;
    }
  }
  return code;
}

std::string words_of_list(const Phrases& say, WordGroup group, std::string_view codes) {
  std::string out;
  while (!codes.empty()) {
    const std::size_t comma = codes.find(',');
    if (!out.empty()) out += say.japanese() ? "・" : ", ";
    out += word(say, group, codes.substr(0, comma));
    codes.remove_prefix(comma == std::string_view::npos ? codes.size() : comma + 1);
  }
  return out;
}

}  // namespace triage
