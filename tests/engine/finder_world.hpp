// A street, two communities and an estate of which everything is known, and rows of a notice built by hand for it.
//
//      松岭社区 (0..400 m east)      柏山社区 (400..800 m east)      each 0..400 m north
//      松涛路 runs west to east at 200 m north; doors 1, 3, ... north of it, 2, 4, ... south, one each 20 m.
//      翠湖花园, an estate of 松岭社区 in the north, has buildings 1 to 4.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/matching/school_finder.hpp"
#include "geo/gazetteer/gazetteer.hpp"
#include "tests/support/grid_city.hpp"

namespace catchment::tests {

inline geo::MultiPolygon rectangle(double west, double south, double east, double north) {
  return {{{at_metres(west, south), at_metres(east, south), at_metres(east, north), at_metres(west, north)}, {}}};
}

// One row of a notice, put together rule by rule: what a compiler would make of the quotes.
class RowMaker {
 public:
  RowMaker(const geo::Gazetteer& names, std::string row_id, std::string school_id) : names_(names) {
    row_.row.id = std::move(row_id);
    row_.row.school_id = std::move(school_id);
    row_.row.notice_id = "N";
    row_.row.place = "sheet 1, row " + row_.row.id;
  }

  using Level = engine::zone_text::RuleLevel;
  using Effect = engine::zone_text::RuleEffect;

  engine::zone_text::AddressRule& rule(const std::string& quote, Level level, const std::string& name,
                                       Effect effect = Effect::allow) {
    engine::zone_text::AddressRule rule;
    rule.level = level;
    rule.effect = effect;
    if (!name.empty()) rule.name = name_id(name);
    rule.span = quoted(quote, rule.clause);
    row_.text.rules.push_back(rule);
    return row_.text.rules.back();
  }
  engine::zone_text::AddressRule& region(const std::string& quote, geo::MultiPolygon shape) {
    row_.text.regions.push_back({std::move(shape), {}});
    auto& made = rule(quote, Level::polygon, "");
    made.region = row_.text.regions.size() - 1;
    return made;
  }
  engine::zone_text::FeederRule& feeder(const std::string& quote, const std::vector<std::string>& schools,
                                        Effect effect = Effect::allow) {
    engine::zone_text::FeederRule rule;
    for (const std::string& school : schools) rule.schools.push_back({school, {}});
    rule.effect = effect;
    rule.span = quoted(quote, rule.clause);
    row_.text.feeders.push_back(rule);
    return row_.text.feeders.back();
  }
  void group(const std::string& quote, engine::zone_text::HouseholdKind kind, const std::string& who = "") {
    engine::zone_text::HouseholdRule rule;
    rule.household.kind = kind;
    rule.household.who = who;
    rule.span = quoted(quote, rule.clause);
    row_.text.groups.push_back(rule);
  }
  engine::zone_text::Allocation& allocation(engine::zone_text::AllocationMode mode, const std::string& quote = "") {
    engine::zone_text::Allocation& made = row_.text.allocations.emplace_back();
    made.mode = mode;
    std::size_t clause = 0;
    if (!quote.empty()) made.span = quoted(quote, clause);
    return made;
  }
  // The rule made last comes from another school's row: 同…小学, or 原…小学.
  void borrow(bool former) {
    engine::zone_text::AddressRule& rule = row_.text.rules.back();
    row_.text.references.push_back({{{"", rule.span}, former}, {}, {}, rule.clause, rule.span});
    row_.text.borrowed.push_back({"other", 0, row_.text.references.size() - 1});
    rule.scope = row_.text.borrowed.size();
  }
  void unresolved(const std::string& quote) {
    unread(quote);
    row_.text.findings.back().kind = engine::zone_text::FindingKind::unresolved_reference;
  }
  void unread(const std::string& quote) {
    engine::zone_text::Finding finding;
    finding.kind = engine::zone_text::FindingKind::unread;
    std::size_t clause = 0;
    finding.span = quoted(quote, clause);
    row_.text.findings.push_back(finding);
  }
  engine::ZoneRow& row() { return row_.row; }
  engine::FinderRow make() const { return row_; }

 private:
  geo::NameId name_id(const std::string& name) const { return names_.find_names(name).at(0).name; }
  geo::Span quoted(const std::string& quote, std::size_t& clause) {
    std::string& text = row_.text.tree.text;
    if (!text.empty()) text += "；";
    const auto begin = static_cast<std::uint32_t>(text.size());
    text += quote;
    clause = row_.text.tree.clauses.size();
    row_.text.tree.clauses.push_back({engine::zone_text::Note{}, {}, {}, "", {}});
    return {begin, static_cast<std::uint32_t>(text.size())};
  }

  const geo::Gazetteer& names_;
  engine::FinderRow row_;
};

inline engine::zone_text::NumberRange numbers(int from, int to,
                                              engine::zone_text::Parity parity = engine::zone_text::Parity::all) {
  engine::zone_text::NumberRange range;
  if (from > 0) range.from = geo::DoorNumber{from};
  if (to > 0) range.to = geo::DoorNumber{to};
  range.parity = parity;
  return range;
}

inline engine::zone_text::Household household(engine::zone_text::HouseholdKind kind, std::string who = "",
                                              bool excluded = false) {
  return {kind, excluded, std::move(who), {}};
}

inline engine::zone_text::Item item(const std::string& name,
                                    std::vector<engine::zone_text::NumberRange> with_numbers = {}) {
  engine::zone_text::Item made;
  made.name.text = name;
  made.numbers = std::move(with_numbers);
  return made;
}

inline std::vector<std::string> schools_of(const engine::FinderAnswer& answer) {
  std::vector<std::string> ids;
  for (const engine::SchoolAnswer& school : answer.schools) ids.push_back(school.school_id);
  return ids;
}

class FinderWorld {
 public:
  FinderWorld() : names_(make_names()) {}

  const geo::Gazetteer& names() const { return names_; }
  RowMaker row(const std::string& id, const std::string& school) const { return {names_, id, school}; }

  engine::SchoolFinder finder(const std::vector<RowMaker>& rows, const engine::ZoneLayer* zones = nullptr,
                              const std::vector<engine::Feeder>& feeders = {},
                              const std::vector<engine::School>& schools = {}) const {
    std::vector<engine::FinderRow> made;
    for (const RowMaker& row : rows) made.push_back(row.make());
    const engine::Notice notice{"N", "云中市划片公告", "云中市教育局", "2024-04-28", "", "00-101"};
    return engine::SchoolFinder::build(names_, zones, std::move(made), feeders, schools, std::vector{notice});
  }
  geo::EntryId entry(const std::string& id) const { return names_.find_id(id).value(); }
  engine::FinderAnswer at(const engine::SchoolFinder& finder, const std::string& id,
                          const std::string& facts = "") const {
    engine::ChildQuery query;
    query.household = engine::parse_household_facts(facts, "test");
    return finder.find_entry(entry(id), query);
  }

 private:
  static geo::Gazetteer make_names() {
    std::vector<engine::Place> places;
    places.push_back({"D", "district", "东城区", "", std::nullopt, rectangle(-100, -100, 900, 500)});
    places.push_back({"K1", "community", "松岭社区", "D", std::nullopt, rectangle(0, 0, 400, 400)});
    places.push_back({"K2", "community", "柏山社区", "D", std::nullopt, rectangle(400, 0, 800, 400)});
    places.push_back({"E", "estate", "翠湖花园", "K1", at_metres(100, 350), {}});
    std::vector<engine::Address> addresses;
    const auto add = [&](std::string id, const std::string& text, double east, double north) -> engine::Address& {
      engine::Address address;
      address.id = std::move(id);
      address.text = "云中市东城区" + text;
      address.position = at_metres(east, north);
      addresses.push_back(address);
      return addresses.back();
    };
    for (int door = 1; door <= 80; ++door) {
      const std::string number = std::to_string(door);
      auto& a = add("S" + number, "松涛路" + number + "号", 10 * door - 5, door % 2 == 1 ? 215 : 185);
      a.street = "松涛路";
      a.door = number + "号";
    }
    for (int building = 1; building <= 4; ++building) {
      const std::string number = std::to_string(building);
      auto& a = add("B" + number, "翠湖花园" + number + "号楼", 80 + 10 * building, 350);
      a.estate = "翠湖花园";
    }
    auto& nowhere = add("X1", "松涛路99号", 0, 0);
    nowhere.street = "松涛路";
    nowhere.door = "99号";
    nowhere.position.reset();
    return gazetteer_of({line_of("松涛路", "secondary", {{0, 200}, {800, 200}})}, places, addresses);
  }

  geo::Gazetteer names_;
};

}  // namespace catchment::tests
