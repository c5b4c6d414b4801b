// SPDX-License-Identifier: Apache-2.0
#include "formats/browser_profile.h"

#include <doctest/doctest.h>

using namespace triage;

TEST_CASE("browser profile: the path gives the home's name, the program and the profile") {
  const BrowserProfile windows =
      browser_profile("/Users/suzuki.test/AppData/Local/Microsoft/Edge/User Data/Profile 2/History");
  CHECK(windows.user == "suzuki.test");
  CHECK(windows.program == "edge");
  CHECK(windows.profile == "Profile 2");
  CHECK(browser_profile("/home/a/.mozilla/firefox/x.default/places.sqlite").program == "firefox");
  CHECK(browser_profile("/root/.config/chromium/Default/History").user == "root");
  CHECK(browser_profile("/Users/b/Library/Application Support/Google/Chrome/Default/History").program == "chrome");
  CHECK(browser_profile("/Documents and Settings/c/x/places.sqlite").user == "c");
}

TEST_CASE("browser profile: what the path does not say stays unknown") {
  const BrowserProfile none = browser_profile("History");
  CHECK_FALSE(none.user.has_value());
  CHECK_FALSE(none.program.has_value());
  CHECK_FALSE(none.profile.has_value());
  CHECK_FALSE(browser_profile("/Users//History").user.has_value());
}

TEST_CASE("url host: user, port and path are left out, and a URL without a host has none") {
  CHECK(url_host("https://u:p@Upload.Example:8443/done?x@y") == "upload.example");
  CHECK(url_host("http://[2001:db8::7]:80/") == "[2001:db8::7]");
  CHECK(url_host("ftp://files.example") == "files.example");
  CHECK_FALSE(url_host("file:///C:/a.txt").has_value());
  CHECK_FALSE(url_host("about:blank").has_value());
  CHECK_FALSE(url_host("").has_value());
  CHECK(is_web_url("HTTPS://a"));
  CHECK_FALSE(is_web_url("file:///a"));
}
