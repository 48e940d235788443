// Street ranges of other countries give the same values as those of notices. Vectors with Czech streets follow the
// tests of maral/text-to-map (MIT).
#include "engine/zone_text/foreign_ranges.hpp"

#include <gtest/gtest.h>

#include <string>

namespace catchment::engine::zone_text {
namespace {

std::string show(const NumberRange& range) {
  std::string out = range.from ? geo::to_text(*range.from) : "";
  out += "..";
  if (range.to) out += geo::to_text(*range.to);
  return out + (range.parity == Parity::odd ? " odd" : range.parity == Parity::even ? " even" : "");
}

std::string show_german(std::string_view text) {
  const auto ranges = read_german_ranges(text);
  if (!ranges) return "unread";
  std::string out = ranges->whole ? "whole" : ranges->without_number ? "without" : "";
  for (const NumberRange& range : ranges->ranges) out += (out.empty() ? "" : ", ") + show(range);
  return out;
}

std::string show_czech(std::string_view line) {
  std::string out;
  for (const CzechStreet& street : read_czech_line(line)) {
    out += (out.empty() ? "" : " | ") + std::string(street.municipality_part ? "part " : "") + street.name;
    for (const CzechSeries& series : street.series) {
      out += std::string(" {") + (series.excluded ? "not " : "") + (series.description ? "p" : "o") +
             (series.parity == Parity::odd    ? " odd"
              : series.parity == Parity::even ? " even"
                                              : "");
      for (const NumberRange& range : series.ranges) {
        NumberRange plain = range;
        plain.parity = Parity::all;
        out += " " + show(plain);
      }
      for (const CzechNumber& number : series.numbers)
        out += " " + geo::to_text(*number.description) + "/" + geo::to_text(number.orientation);
      out += "}";
    }
  }
  return out;
}

TEST(GermanRanges, OddAndEvenRangesWithLetters) {
  EXPECT_EQ(show_german("ung. 1-25 ; ger. 2-24"), "1..25 odd, 2..24 even");
  EXPECT_EQ(show_german("ung. 49 ; ger. 42-46"), "49..49 odd, 42..46 even");
  EXPECT_EQ(show_german("ung. 1-13B ; ger. 2-4"), "1..13B odd, 2..4 even");
  EXPECT_EQ(show_german("ung. 17-17C ; ger. 16-16B"), "17..17C odd, 16..16B even");
  EXPECT_EQ(show_german("ung. 5 -9; ger. 6A"), "5..9 odd, 6A..6A even");
  EXPECT_EQ(show_german("ger. 2-8"), "2..8 even");
  EXPECT_EQ(show_german("7 "), "7..7");
  EXPECT_EQ(show_german("7 A"), "7A..7A");
}

TEST(GermanRanges, WholeStreetsAndHousesWithoutANumber) {
  EXPECT_EQ(show_german("gesamt"), "whole");
  EXPECT_EQ(show_german("ohne HNr."), "without");
}

TEST(GermanRanges, WhatIsNoRangeIsNotRead) {
  for (const char* text : {"", "ung.", "9-3", "ung. 1-", "1-2-3", "teilweise", "ung. 1234567"})
    EXPECT_EQ(show_german(text), "unread") << text;
}

TEST(CzechLine, RangesInEveryWording) {
  for (const char* text : {"č. 19-25", "č. o. 19-25", "pouze č. o. 19-25"}) {
    EXPECT_EQ(show_czech("Šrobárova - " + std::string(text)), "Šrobárova {o 19..25}") << text;
    EXPECT_EQ(show_czech("Šrobárova " + std::string(text)), "Šrobárova {o 19..25}") << text;
  }
  for (const char* text : {"lichá č. o. 19-25", "lichá č.o. 19-25", "č. lichá 19-25", "č. o. lichá 19-25",
                           "č.o. lichá 19-25", "lichá 19-25", "pouze lichá č. o. 19-25", "všechna lichá č. o. 19-25"})
    EXPECT_EQ(show_czech("Šrobárova - " + std::string(text)), "Šrobárova {o odd 19..25}") << text;
  EXPECT_EQ(show_czech("Šrobárova č. lichá 19-25"), "Šrobárova {o odd 19..25}");
  EXPECT_EQ(show_czech("Šrobárova sudá 20 – 24"), "Šrobárova {o even 20..24}");
  EXPECT_EQ(show_czech("Šrobárova - č. p. 19-25"), "Šrobárova {p 19..25}");
}

TEST(CzechLine, SeveralSeries) {
  EXPECT_EQ(show_czech("Šrobárova - lichá č. 19-27, sudá č. 10-22, č.p. 326, 255-258"),
            "Šrobárova {o odd 19..27} {o even 10..22} {p 326..326 255..258}");
  EXPECT_EQ(show_czech("Šrobárova - č. 19, 25, 36a"), "Šrobárova {o 19..19 25..25 36A..36A}");
  EXPECT_EQ(show_czech("Šrobárova č. 2 – 54 sudá, č. 1 – 37 lichá"), "Šrobárova {o even 2..54} {o odd 1..37}");
  EXPECT_EQ(show_czech("Šrobárova – č. 67 a 69"), "Šrobárova {o 67..67 69..69}");
  EXPECT_EQ(show_czech("Šrobárova – lichá č."), "Šrobárova {o odd}");
  EXPECT_EQ(show_czech("Šrobárova - č. o. sudá: 40-66, lichá: 11-37, č. p.: 352-365"),
            "Šrobárova {o even 40..66} {o odd 11..37} {p 352..365}");
  EXPECT_EQ(show_czech("Šrobárova č. 1 – č. 21 lichá a č. 2 až 48 sudá"), "Šrobárova {o odd 1..21} {o even 2..48}");
  EXPECT_EQ(show_czech("Šrobárova – sudá č. s výjimkou č. 60, 62"), "Šrobárova {o even} {not o 60..60 62..62}");
}

TEST(CzechLine, OpenRanges) {
  for (const char* text :
       {"od č. 19", "od 19", "od č. 19 výše", "č. od 19 výše", "č. od 19 a výše", "č. 19 a výše", "od č. 19 vyšší"})
    EXPECT_EQ(show_czech("Šrobárova - " + std::string(text)), "Šrobárova {o 19..}") << text;
  EXPECT_EQ(show_czech("Šrobárova - lichá č. o. od 19 výše"), "Šrobárova {o odd 19..}");
  EXPECT_EQ(show_czech("Šrobárova - sudá od č. o. 20"), "Šrobárova {o even 20..}");
  EXPECT_EQ(show_czech("Šrobárova - č. p. od č. 19 výše"), "Šrobárova {p 19..}");
  for (const char* text : {"č. 19 a níže", "č. 19 a níž", "č. 19 a nižší", "č. do 19", "do č. 19", "do 19"})
    EXPECT_EQ(show_czech("Šrobárova - " + std::string(text)), "Šrobárova {o ..19}") << text;
  EXPECT_EQ(show_czech("Šrobárova - do č. p. 19"), "Šrobárova {p ..19}");
}

TEST(CzechLine, NamesFamiliesAndParts) {
  for (const char* name :
       {"Šrobárova", "8. listopadu", "28. pluku", "Zelenky-Hajského", "Ke Koh-i-nooru", "Národního odboje"})
    EXPECT_EQ(show_czech(name), name);
  EXPECT_EQ(show_czech("Jihozápadní I, II, III"), "Jihozápadní I | Jihozápadní II | Jihozápadní III");
  EXPECT_EQ(show_czech("Jihozápadní I - III"), "Jihozápadní I | Jihozápadní II | Jihozápadní III");
  EXPECT_EQ(show_czech("část obce Huntířov"), "part Huntířov");
  EXPECT_EQ(show_czech("část obce Huntířov - č.p. 19-25"), "part Huntířov {p 19..25}");
  EXPECT_EQ(show_czech("část města Dolní Libchava - mimo č. p. 19"), "part Dolní Libchava {not p 19..19}");
  EXPECT_EQ(show_czech("Šrobárova - č. 325/12a"), "Šrobárova {o 325/12A}");
}

TEST(CzechLine, CommentsAndUnreadableNumbersGiveNothing) {
  for (const char* line :
       {"", "# Praha", "!Jinonická - lichá č. 1-63", "Šrobárova - č. 25-19", "Šrobárova - lichá k. ú. Dolní"})
    EXPECT_EQ(show_czech(line), "") << line;
}

}  // namespace
}  // namespace catchment::engine::zone_text
