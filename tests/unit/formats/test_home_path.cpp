// SPDX-License-Identifier: Apache-2.0
#include "formats/home_path.h"

#include <doctest/doctest.h>

#include "formats/xml_scan.h"

using namespace triage;

TEST_CASE("home path: the account is the name of the folder below the homes, with or without a slash in front") {
  CHECK(home_owner("/home/eve/.bash_history") == "eve");
  CHECK(home_owner("home/eve/.bash_history") == "eve");
  CHECK(home_owner("C/Users/Suzuki T/NTUSER.DAT") == "Suzuki T");
  CHECK(home_owner("/Documents and Settings/eve/x") == "eve");
  CHECK(home_owner("/root/.lesshst") == "root");
  CHECK(home_owner("root/.lesshst") == "root");
  CHECK_FALSE(home_owner("/srv/root/.lesshst").has_value());
  CHECK_FALSE(home_owner("/home/eve").has_value());
  CHECK_FALSE(home_owner("/home//x").has_value());
}

TEST_CASE("home path: escapes of URLs are undone where they are escapes") {
  CHECK(percent_decoded("a%20b%E9%A1%A7") == "a b\u9867");
  CHECK(percent_decoded("50%") == "50%");
  CHECK(percent_decoded("%zz%4") == "%zz%4");
  CHECK(percent_decoded("%ff") == "\\xff");
  CHECK(file_url_path("file:///media/usb/a%20b") == "/media/usb/a b");
  CHECK(file_url_path("file:///C:/a.txt") == "C:/a.txt");
  CHECK(file_url_path("FILE://localhost/a") == "/a");
  CHECK(file_url_path("file://srv/share/a") == "//srv/share/a");
  CHECK_FALSE(file_url_path("https://a/b").has_value());
}

TEST_CASE("xml scan: entities and character references are undone, nothing else is expanded") {
  CHECK(xml_unescape("a &amp; b &lt;&#x9867;&#65;&unknown;&#0;&#xd800;&") == "a & b <\u9867A&unknown;&#0;&#xd800;&");
  XmlTag tag;
  XmlScan scan("<!DOCTYPE x [<!ENTITY e 'v'>]><!-- <no a='1'/> --><a b = 'x>' c=\"&quot;\"/><d>text</d>");
  REQUIRE(scan.next(tag));
  CHECK(tag.name == "a");
  CHECK(tag.opens);
  CHECK(tag.closes);
  CHECK(tag.attribute("b") == "x>");
  CHECK(tag.attribute("c") == "\"");
  CHECK_FALSE(tag.attribute("d").has_value());
  REQUIRE(scan.next(tag));
  CHECK(tag.text == "text");
  REQUIRE(scan.next(tag));
  CHECK(tag.closes);
  CHECK_FALSE(scan.next(tag));
  CHECK_FALSE(scan.cut());
  XmlScan cut("<a b=\"1\"");
  CHECK_FALSE(cut.next(tag));
  CHECK(cut.cut());
}
