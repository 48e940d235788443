// Statuses and evidence of Gazetteer::find on a city of which every door is known. Serves ZZ5.
#include <gtest/gtest.h>

#include <algorithm>

#include "small_city.hpp"

namespace catchment::geo {
namespace {

using small_city::at;
using small_city::Maker;

const Gazetteer& sample() {
  static const Gazetteer city = small_city::sample().build();
  return city;
}

bool says(const Candidate& candidate, Evidence evidence) {
  return std::ranges::any_of(candidate.reasons, [&](const Reason& r) { return r.evidence == evidence; });
}

std::string describe(const Found& found) {
  std::string text(to_word(found.status));
  for (const Candidate& c : found.candidates) {
    text += "\n  " + c.text + " [" + std::string(to_word(c.level)) + "]";
    for (const Reason& r : c.reasons) text += " " + std::string(to_word(r.evidence)) + "(" + r.with + ")";
  }
  for (const AddressToken& t : found.parsed.tokens) text += "\n    " + std::string(to_word(t.part)) + ":" + t.text;
  return text;
}

// The one address a text must lead to.
void expect_definite(const Gazetteer& city, std::string_view text, std::string_view address) {
  const Found found = city.find(text);
  ASSERT_EQ(found.status, FindStatus::definite) << text << ": " << describe(found);
  ASSERT_EQ(found.candidates.size(), 1u) << text;
  EXPECT_EQ(found.candidates[0].text, address) << text;
}

TEST(GazetteerFind, TheWholeTextIsDefinite) {
  expect_definite(sample(), "示例市安平区青禾路12号", "示例市安平区青禾路12号");
  EXPECT_TRUE(says(sample().find("示例市安平区青禾路12号").candidates[0], Evidence::exact_text));
}

TEST(GazetteerFind, TheHeadOfAnAddressMayBeLeftOut) {
  for (const char* text : {"青禾路12号", "安平区青禾路12号", "示例市青禾路12号", "示例市安平区 青禾路 12号"}) {
    expect_definite(sample(), text, "示例市安平区青禾路12号");
  }
}

TEST(GazetteerFind, WidthNumeralsAndAMissingUnitDoNotMatter) {
  for (const char* text : {"青禾路１２号", "青禾路十二号", "青禾路12號", "青禾路12", "安平区，青禾路，12号"}) {
    expect_definite(sample(), text, "示例市安平区青禾路12号");
  }
}

TEST(GazetteerFind, ANumberBrokenByABlankIsOfferedInBothReadings) {
  for (const char* text : {"青禾路1 2号", "安平区青禾路1　2号", "青禾路1  2"}) {
    const Found found = sample().find(text);
    ASSERT_EQ(found.status, FindStatus::choose) << describe(found);
    const auto is = [&](std::string_view address) {
      return std::ranges::any_of(found.candidates, [&](const Candidate& c) { return c.text == address; });
    };
    EXPECT_TRUE(is("示例市安平区青禾路12号")) << describe(found);
    EXPECT_TRUE(is("示例市安平区青禾路1号")) << describe(found);
    for (const Candidate& c : found.candidates) {
      for (const Reason& r : c.reasons) EXPECT_LE(r.span.end, std::string_view(text).size());
    }
  }
  EXPECT_NE(sample().find("青禾路 2 7 号").status, FindStatus::definite);
  EXPECT_NE(sample().find("青禾路20号1 号2").status, FindStatus::definite) << "a number was left over";
}

TEST(GazetteerFind, SubAreaAndPhaseOfAnEstateAreKeptApart) {
  Maker maker;
  maker.place(AddressPart::estate, "E1", "望江苑").street("望江路");
  int row = 0;
  for (const char* inner : {"A区3号楼", "B区3号楼", "一期3号楼", "二期3号楼", "一期A区3号楼", "一区3号楼"}) {
    maker.door("望江路8号望江苑" + std::string(inner), "望江路", "8号", at(200.0 * ++row, 100), "望江苑");
  }
  const Gazetteer city = maker.build();
  for (const char* text :
       {"望江苑A区3号楼", "望江苑B区3幢", "望江苑二期3号楼", "望江苑一期A区3号楼", "望江苑1区3号楼"}) {
    const Found found = city.find(text);
    ASSERT_EQ(found.status, FindStatus::definite) << text << describe(found);
  }
  const EntryPath a = city.find("望江苑B区3号楼").candidates[0].path;
  EXPECT_EQ(a.phase, 0);
  EXPECT_EQ(a.sector.number, 2);
  EXPECT_EQ(a.sector.sub_form, SubForm::letter);
  const EntryPath phase = city.find("望江苑二期3号楼").candidates[0].path;
  EXPECT_EQ(phase.phase, 2);
  EXPECT_EQ(phase.sector, DoorNumber{});
  const EntryPath both = city.find("望江苑一期A区3号楼").candidates[0].path;
  EXPECT_EQ(both.phase, 1);
  EXPECT_EQ(both.sector.number, 1);
  EXPECT_NE(city.find("望江苑C区3号楼").status, FindStatus::definite);
  EXPECT_NE(city.find("望江苑三期3号楼").status, FindStatus::definite);
}

TEST(GazetteerFind, WhatIsLikeAFormerNameSaysThatNameAndThatItIsOne) {
  const Found found = sample().find("安平区建欣路12号");  // 建新路 was 青禾路
  ASSERT_FALSE(found.candidates.empty()) << describe(found);
  const std::vector<Reason>& reasons = found.candidates[0].reasons;
  const auto like = std::ranges::find(reasons, Evidence::name_homophone, &Reason::evidence);
  ASSERT_NE(like, reasons.end()) << describe(found);
  EXPECT_EQ(like->with, "建新路");
  ASSERT_NE(like + 1, reasons.end());
  EXPECT_EQ((like + 1)->evidence, Evidence::name_alias);
  EXPECT_EQ((like + 1)->with, "青禾路");
}

TEST(GazetteerFind, AFormerNameOfAStreetLeadsToItsDoors) {
  expect_definite(sample(), "建新路12号", "示例市安平区青禾路12号");
  EXPECT_TRUE(says(sample().find("建新路12号").candidates[0], Evidence::name_alias));
}

TEST(GazetteerFind, APromotedNameOfAnEstateLeadsToItsBuildings) {
  expect_definite(sample(), "云溪壹号3号楼2单元", "示例市安平区青禾路20号云溪花园3号楼2单元");
}

TEST(GazetteerFind, ADoorsFormerNumberLeadsToIt) {
  expect_definite(sample(), "青禾路7号", "示例市临江区青禾路31号");
  EXPECT_TRUE(says(sample().find("青禾路7号").candidates[0], Evidence::name_alias));
}

TEST(GazetteerFind, EveryLetterBeforeADoorIsAnotherDoor) {
  Maker maker;
  maker.street("望江路");
  maker.door("示例市望江路12号", "望江路", "12号", at(100, 100));
  maker.door("示例市望江路A12号", "望江路", "A12号", at(300, 100));
  const Gazetteer city = maker.build();
  expect_definite(city, "望江路A12", "示例市望江路A12号");
  for (const char* text : {"望江路F12号", "望江路Q12号", "望江路甲12号"}) {
    EXPECT_NE(city.find(text).status, FindStatus::definite) << text;
  }
}

TEST(GazetteerFind, AStreetAndNumberInTwoDistrictsIsAChoice) {
  const Found found = sample().find("和平街3号");
  EXPECT_EQ(found.status, FindStatus::choose) << describe(found);
  EXPECT_EQ(found.candidates.size(), 2u);
}

TEST(GazetteerFind, TheDistrictDecidesBetweenStreetsOfOneName) {
  expect_definite(sample(), "临江区和平街3号", "示例市临江区和平街3号");
  expect_definite(sample(), "安平区和平街3号", "示例市安平区和平街3号");
}

TEST(GazetteerFind, TheNumberDecidesWhenOnlyOneOfThemHasIt) {
  expect_definite(sample(), "和平街9号", "示例市临江区和平街9号");
}

TEST(GazetteerFind, ATypedDistrictThatContradictsIsNeverDefinite) {
  const Found found = sample().find("临江区青禾路12号");
  EXPECT_EQ(found.status, FindStatus::choose) << describe(found);
  ASSERT_FALSE(found.candidates.empty());
  EXPECT_TRUE(says(found.candidates[0], Evidence::part_contradicted));
}

TEST(GazetteerFind, AnotherCityIsNeverDefinite) {
  EXPECT_NE(sample().find("别处市青禾路12号").status, FindStatus::definite);
}

TEST(GazetteerFind, AMissingNumberIsPlacedBetweenItsNeighboursOnItsSide) {
  const Found found = sample().find("安平区青禾路5号");
  ASSERT_EQ(found.status, FindStatus::interpolated) << describe(found);
  const Candidate& c = found.candidates[0];
  EXPECT_EQ(c.level, MatchLevel::interpolated);
  EXPECT_TRUE(says(c, Evidence::number_between));
  ASSERT_TRUE(c.position.has_value());
  EXPECT_LT(flat_distance_m(*c.position, at(100, 110)), 2);  // between 3 and 9, a third of the way
  EXPECT_GT(c.position->lat, at(0, 100).lat) << "odd numbers are north of the street";
  EXPECT_GT(c.error_m, 10);
  EXPECT_EQ(c.path.door.number, 5);
}

TEST(GazetteerFind, ANumberBeyondTheLastDoorGivesTheStreetOnly) {
  const Found found = sample().find("青禾路999号");
  EXPECT_EQ(found.status, FindStatus::street_only) << describe(found);
  ASSERT_FALSE(found.candidates.empty());
  EXPECT_TRUE(says(found.candidates[0], Evidence::part_missing));
}

TEST(GazetteerFind, AStreetAloneGivesItsMiddleAndHalfItsExtent) {
  const Found found = sample().find("青禾路");
  ASSERT_EQ(found.status, FindStatus::street_only) << describe(found);
  const Candidate& c = found.candidates[0];
  EXPECT_EQ(c.level, MatchLevel::street);
  ASSERT_TRUE(c.position.has_value());
  EXPECT_LT(flat_distance_m(*c.position, at(950, 100)), 20);
  EXPECT_NEAR(c.error_m, 950, 60);
}

TEST(GazetteerFind, AnEstateAloneIsOneThingWithAnExtent) {
  const Found found = sample().find("云溪花园");
  ASSERT_EQ(found.status, FindStatus::definite) << describe(found);
  EXPECT_EQ(found.candidates[0].level, MatchLevel::estate);
  EXPECT_GT(found.candidates[0].error_m, 50);
}

TEST(GazetteerFind, ARoomWithoutARowIsCoveredByItsStair) {
  const Found found = sample().find("云溪花园3号楼2单元501室");
  ASSERT_EQ(found.status, FindStatus::definite) << describe(found);
  EXPECT_EQ(found.candidates[0].text, "示例市安平区青禾路20号云溪花园3号楼2单元");
  EXPECT_TRUE(says(found.candidates[0], Evidence::part_missing));
}

TEST(GazetteerFind, ABuildingTheCityDoesNotKnowIsAChoice) {
  const Found found = sample().find("云溪花园8号楼");
  EXPECT_EQ(found.status, FindStatus::choose) << describe(found);
}

TEST(GazetteerFind, DashesMeanDoorBuildingStairAndRoom) {
  const Found found = sample().find("青禾路20-3-2-501");
  ASSERT_FALSE(found.candidates.empty()) << describe(found);
  EXPECT_EQ(found.candidates[0].text, "示例市安平区青禾路20号云溪花园3号楼2单元") << describe(found);
}

TEST(GazetteerFind, AnotherWayOfWritingASubNumberIsOfferedAndNeverDefinite) {
  expect_definite(sample(), "青禾路14号附1号", "示例市安平区青禾路14号附1号");
  const Found found = sample().find("青禾路14-1号");
  EXPECT_EQ(found.status, FindStatus::choose) << describe(found);
  ASSERT_FALSE(found.candidates.empty());
  EXPECT_TRUE(says(found.candidates[0], Evidence::number_form));
}

TEST(GazetteerFind, WhereSubNumbersAreOneDoorAnyFormIsDefinite) {
  Maker city(GazetteerOptions{true});
  city.door("青禾路14号附1号", "青禾路", "14号附1号", at(0, 0)).door("青禾路14号", "青禾路", "14号", at(5, 0));
  const Gazetteer built = city.build();
  expect_definite(built, "青禾路14-1号", "青禾路14号附1号");
  expect_definite(built, "青禾路14号之一", "青禾路14号附1号");
}

TEST(GazetteerFind, TheBaseOfASubNumberIsAnotherDoor) {
  EXPECT_NE(sample().find("青禾路14号").status, FindStatus::definite);
  EXPECT_NE(sample().find("青禾路12号附3号").status, FindStatus::definite);
}

TEST(GazetteerFind, AHomophoneIsDefiniteOnlyWithASecondPart) {
  const Found alone = sample().find("碧全东路6号");
  EXPECT_EQ(alone.status, FindStatus::choose) << describe(alone);
  ASSERT_FALSE(alone.candidates.empty());
  EXPECT_TRUE(says(alone.candidates[0], Evidence::name_homophone));
  const Found supported = sample().find("临江区碧全东路6号听松苑1号楼");
  EXPECT_EQ(supported.status, FindStatus::definite) << describe(supported);
}

TEST(GazetteerFind, AnUnknownStreetIsUnknown) {
  const Found found = sample().find("玄武大道12号");
  EXPECT_EQ(found.status, FindStatus::unknown) << describe(found);
  EXPECT_TRUE(found.candidates.empty());
}

TEST(GazetteerFind, DigitsAreNeverGuessed) {
  for (const char* text : {"青禾路13号", "青禾路21号", "青禾路112号", "青禾路2号楼", "青禾路1号2"}) {
    const Found found = sample().find(text);
    EXPECT_NE(found.status, FindStatus::definite) << text << ": " << describe(found);
  }
}

TEST(GazetteerFind, WordsNobodyKnowsKeepAnAnswerFromBeingDefinite) {
  EXPECT_NE(sample().find("青禾路12号对面").status, FindStatus::definite);
}

TEST(GazetteerFind, OneTextWithTwoRowsIsAChoice) {
  Maker city;
  city.door("青禾路2号", "青禾路", "2号", at(0, 0)).door("青禾路2号", "青禾路", "2号", at(500, 0));
  const Gazetteer built = city.build();
  const Found found = built.find("青禾路2号");
  EXPECT_EQ(found.status, FindStatus::choose) << describe(found);
  EXPECT_EQ(found.candidates.size(), 2u);
  std::array<EntryId, 1> out{};
  built.find_exact(std::array<std::string_view, 1>{"青禾路2号"}, out);
  EXPECT_EQ(out[0], kNoEntry);
}

TEST(GazetteerFind, ReasonsPointAtTheTypedText) {
  const std::string text = "安平区建新路12号";
  const Found found = sample().find(text);
  ASSERT_FALSE(found.candidates.empty());
  const auto& reasons = found.candidates[0].reasons;
  const auto alias = std::ranges::find(reasons, Evidence::name_alias, &Reason::evidence);
  ASSERT_NE(alias, reasons.end());
  EXPECT_EQ(text.substr(alias->span.begin, alias->span.end - alias->span.begin), "建新路");
  EXPECT_EQ(alias->with, "青禾路");
  EXPECT_TRUE(std::ranges::is_sorted(reasons, {}, [](const Reason& r) { return r.span.begin; }));
}

TEST(GazetteerFind, AnEstateInAnotherDistrictThanTypedIsNeverDefinite) {
  EXPECT_EQ(sample().find("安平区云溪花园").status, FindStatus::definite);
  EXPECT_NE(sample().find("临江区云溪花园").status, FindStatus::definite);
  EXPECT_NE(sample().find("临江区云溪花园3号楼2单元").status, FindStatus::definite);
  EXPECT_NE(sample().find("银杏社区云溪花园").status, FindStatus::definite);
}

TEST(GazetteerFind, TheNumberIsPlacedInTheTypedDistrictWhereOnlyTheOtherHasIt) {
  Maker city;
  city.place(AddressPart::district, "D1", "安平区").place(AddressPart::district, "D2", "临江区");
  for (const char* n : {"1号", "5号", "9号"}) city.door(std::string("安平区和平街") + n, "和平街", n, at(n[0], 0));
  city.door("临江区和平街3号", "和平街", "3号", at(5000, 0));
  const Found found = city.build().find("安平区和平街3号");
  ASSERT_EQ(found.status, FindStatus::interpolated) << describe(found);
  EXPECT_LT(found.candidates[0].position->lon, at(1000, 0).lon);
}

TEST(GazetteerFind, ANameThatWasAnotherStreetsBeforeIsAChoice) {
  Maker city;
  city.street("青禾路").street("东陵路").alias(AddressPart::street, "东陵路", "青禾路", AliasKind::former);
  city.door("示例市青禾路3号", "青禾路", "3号", at(0, 0)).door("示例市东陵路3号", "东陵路", "3号", at(900, 0));
  city.door("示例市青禾路4号", "青禾路", "4号", at(10, 0));
  const Gazetteer built = city.build();
  EXPECT_EQ(built.find("示例市青禾路3号").status, FindStatus::choose);
  expect_definite(built, "示例市青禾路4号", "示例市青禾路4号");
}

TEST(GazetteerFind, TheEstateIsOfferedWhereTheDoorBeforeItIsNotIts) {
  for (const char* text : {"青禾路12号云溪花园3号楼2单元", "青禾路22号云溪花园3号楼2单元"}) {
    const Found found = sample().find(text);
    EXPECT_EQ(found.status, FindStatus::choose) << describe(found);
    const auto is_estate = [](const Candidate& c) { return c.text == "示例市安平区青禾路20号云溪花园3号楼2单元"; };
    EXPECT_TRUE(std::ranges::any_of(found.candidates, is_estate)) << describe(found);
  }
}

TEST(GazetteerFind, TwoStreetsInOneTextAreNotAnAddress) {
  EXPECT_NE(sample().find("和平街与青禾路12号").status, FindStatus::definite);
}

TEST(GazetteerFind, AHamletsNameBeforeTheNumberDecides) {
  Maker city;
  city.place(AddressPart::village, "V", "柏江村");
  city.door("柏江村溪尾21号", "", "", at(0, 0)).door("柏江村桥头21号", "", "", at(400, 0));
  const Gazetteer built = city.build();
  expect_definite(built, "柏江村溪尾 21号", "柏江村溪尾21号");
  EXPECT_EQ(built.find("柏江村21号").status, FindStatus::choose);
}

TEST(GazetteerFind, ADoorWithManyBuildingsHasAnExtent) {
  const Found found = sample().find("青禾路20号");
  ASSERT_EQ(found.status, FindStatus::definite) << describe(found);
  EXPECT_EQ(found.candidates[0].level, MatchLevel::door);
  EXPECT_EQ(found.candidates[0].entry, kNoEntry);
  EXPECT_EQ(found.candidates[0].path.building.number, 0);
  EXPECT_GT(found.candidates[0].error_m, 50);
}

TEST(GazetteerFind, ABuildingAndNothingElseBehindADoorIsNotTheDoor) {
  EXPECT_EQ(sample().find("碧泉东路6号").status, FindStatus::choose) << "听松苑 may have other buildings";
}

TEST(GazetteerFind, LongTextsAreAnsweredWithNothing) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "青禾";
  EXPECT_NE(sample().find(text).status, FindStatus::definite);
  EXPECT_TRUE(sample().suggest(text).empty());
}

TEST(GazetteerFind, NothingIsFoundInNothing) {
  for (const char* text : {"", "   ", "，。", "123456"}) {
    EXPECT_EQ(sample().find(text).status, FindStatus::unknown) << text;
  }
}

TEST(GazetteerFind, GermanStreetsAreFoundHoweverTheyAreWritten) {
  Maker city;
  city.place(AddressPart::district, "M", "Mitte")
      .door("Ackerstraße 1A, 10115 Mitte", "Ackerstraße", "1A", at(0, 0))
      .door("Ackerstraße 1, 10115 Mitte", "Ackerstraße", "1", at(20, 0))
      .door("Müllerstraße 7, 10115 Mitte", "Müllerstraße", "7", at(500, 0));
  const Gazetteer built = city.build();
  for (const char* text : {"Ackerstraße 1 A", "ackerstr. 1a", "Ackerstr 1A", "ACKERSTRASSE 1A", "Acker Str. 1 a"}) {
    expect_definite(built, text, "Ackerstraße 1A, 10115 Mitte");
  }
  for (const char* text : {"Müllerstr. 7", "Muellerstrasse 7", "Mullerstr. 7", "Müllerstraße 7, 10115 Mitte"}) {
    expect_definite(built, text, "Müllerstraße 7, 10115 Mitte");
  }
}

}  // namespace
}  // namespace catchment::geo
