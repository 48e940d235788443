#include <algorithm>

#include "engine/matching/finder_worlds.hpp"

namespace catchment::engine {
namespace {

using zone_text::AllocationMode;
using zone_text::Household;
using zone_text::HouseholdTest;
using zone_text::TextAnswer;
using zone_text::Verdict;
using Tables = SchoolFinder::Tables;

// Everything the path lies under: its street, estate, community, district and what those lie in.
std::vector<geo::NameId> names_over(const Tables& t, const geo::EntryPath& path) {
  std::vector<geo::NameId> names;
  for (geo::NameId name : {path.street, path.estate, path.community, path.district}) {
    for (; name < t.parent.size() && std::ranges::find(names, name) == names.end(); name = t.parent[name]) {
      names.push_back(name);
    }
  }
  return names;
}

struct RegionsHere {
  std::vector<geo::ZoneNumber> inside, near_line;  // sorted

  bool has(const std::vector<geo::ZoneNumber>& list, geo::ZoneNumber region) const {
    return std::ranges::binary_search(list, region);
  }
};

RegionsHere regions_at(const Tables& t, const Spot& spot) {
  RegionsHere here;
  if (!t.regions || !spot.position) return here;
  const geo::FaceHit hit = t.regions->face_at(*spot.position);
  const auto of_face = t.regions->zones_of(hit.face());
  here.inside.assign(of_face.begin(), of_face.end());
  if (hit.on_boundary() || spot.error_m > 0) {
    for (const geo::ZoneMargin& m : t.regions->zones_near(*spot.position, spot.error_m)) {
      here.near_line.push_back(m.zone);
    }
  }
  std::ranges::sort(here.near_line);
  return here;
}

std::vector<std::uint32_t> rows_that_may_speak(const Tables& t, const std::vector<geo::NameId>& names,
                                               const RegionsHere& here) {
  std::vector<std::uint32_t> rows;
  for (const geo::NameId name : names) {
    rows.insert(rows.end(), t.name_rows.begin() + t.name_start[name], t.name_rows.begin() + t.name_start[name + 1]);
  }
  for (const auto* list : {&here.inside, &here.near_line}) {
    for (const geo::ZoneNumber region : *list) rows.push_back(t.region_rows[region].first);
  }
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

const RowMode* mode_of(const RowTables& row, const geo::EntryPath& path, const std::vector<geo::NameId>& names) {
  const auto is_meant = [&](const RowMode::Item& item) {
    const auto under = [&](const zone_text::NumberRange& range) { return zone_text::holds(range, path); };
    return std::ranges::find(names, item.name) != names.end() &&
           (item.numbers.empty() || std::ranges::any_of(item.numbers, under));
  };
  for (const RowMode& mode : row.modes) {
    if (mode.items.empty() || std::ranges::any_of(mode.items, is_meant)) return &mode;
  }
  return nullptr;
}

// 同乙小学: what the row takes from there it says to share.
bool shares_what_it_borrows(const zone_text::CompiledText& text, const TextAnswer& said) {
  return std::ranges::any_of(said.rules,
                             [&](std::size_t rule) { return zone_text::is_shared_zone(text, text.rules[rule].scope); });
}

void add_row(const Tables& t, std::uint32_t row, const TextAnswer& said, const RowMode* mode,
             std::vector<Voice>& voices) {
  if (said.verdict == Verdict::out && said.rules.empty() && !said.on_boundary) return;
  Voice voice;
  voice.school = t.row_tables[row].school;
  voice.rank = rank_of(said.level);
  voice.source = Voice::Source::row;
  voice.item = row;
  voice.rules = said.rules;
  voice.unknown = said.depends_on;
  if (said.on_boundary) {
    voice.says = Says::near_line;
  } else if (said.verdict == Verdict::in) {
    voice.says = Says::yes;
  } else {
    voice.says = said.verdict == Verdict::undetermined ? Says::undetermined : Says::no;
  }
  if (mode != nullptr) {
    voice.mode = mode->mode;
  } else if (t.row_tables[row].shares_zone) {
    voice.mode = AllocationMode::joint;
  }
  const bool has_partners = mode != nullptr && !mode->partners.empty() && voice.says != Says::no;
  const bool is_theirs = has_partners && mode->mode == AllocationMode::direct;
  voice.shared = voice.mode != AllocationMode::direct || t.row_tables[row].shares_zone ||
                 (is_theirs && mode->partners.size() > 1) || shares_what_it_borrows(t.rows[row].text, said);
  if (!is_theirs) voices.push_back(voice);
  if (!has_partners) return;
  for (const SchoolNumber partner : mode->partners) {
    if (partner == t.row_tables[row].school && !is_theirs) continue;
    voice.source = Voice::Source::partner;
    voice.school = partner;
    voices.push_back(voice);
  }
}

// A row that denies the address silences the shape of its own zone, whatever the shape covers.
bool is_denied(const Tables& t, geo::ZoneNumber zone, SchoolNumber school, const std::vector<Voice>& voices) {
  const auto& rows = t.zone_rows[zone];
  return std::ranges::any_of(voices, [&](const Voice& v) {
    return v.says == Says::no && v.school == school &&
           (std::ranges::find(rows, v.item) != rows.end() || t.rows[v.item].row.zone_id.empty());
  });
}

// A row with an exception that may hold.
struct Doubt {
  std::uint32_t row = 0;
  Says says = Says::undetermined;
};

// Such a row puts the shape of its own zone in doubt.
const Doubt* find_doubt(const Tables& t, geo::ZoneNumber zone, SchoolNumber school, const std::vector<Doubt>& doubts) {
  const auto& rows = t.zone_rows[zone];
  const auto found = std::ranges::find_if(doubts, [&](const Doubt& doubt) {
    return t.row_tables[doubt.row].school == school &&
           (std::ranges::find(rows, doubt.row) != rows.end() || t.rows[doubt.row].row.zone_id.empty());
  });
  return found == doubts.end() ? nullptr : &*found;
}

void add_zones(const Tables& t, const Spot& spot, const std::vector<Doubt>& doubts, std::vector<Voice>& voices) {
  if (!t.any_zone_by_shape || !spot.position) return;
  const Match match = t.zones->match(*spot.position, spot.error_m);
  const std::size_t said_by_rows = voices.size();
  for (const MatchedZone& matched : match.zones) {
    const ZoneInfo& zone = t.zones->zones()[matched.zone];
    const std::vector<Voice> rows(voices.begin(), voices.begin() + static_cast<std::ptrdiff_t>(said_by_rows));
    for (const std::string& id : zone.school_ids) {
      Voice voice;
      voice.school = t.number_of(id);
      if (!t.speaks_by_shape(matched.zone, voice.school)) continue;
      voice.says =
          match.status == geo::PointStatus::boundary && matched.margin_m <= spot.error_m ? Says::near_line : Says::yes;
      if (const Doubt* doubt = find_doubt(t, matched.zone, voice.school, doubts)) voice.says = doubt->says;
      voice.shared = zone.school_ids.size() > 1;
      if (voice.shared) voice.mode = AllocationMode::joint;
      voice.source = Voice::Source::zone;
      voice.item = matched.zone;
      voice.margin_m = matched.margin_m;
      if (!is_denied(t, matched.zone, voice.school, rows)) voices.push_back(std::move(voice));
    }
  }
}

// True: all hold; false: one does not; empty: some are not known, and are put in `unknown`.
std::optional<bool> all_hold(const std::vector<Household>& households, const HouseholdTest& test,
                             std::vector<Household>& unknown) {
  for (const Household& household : households) {
    const std::optional<bool> truth = test(household);
    if (truth == false) return false;
    if (!truth) unknown.push_back(household);
  }
  if (unknown.empty()) return true;
  return std::nullopt;
}

void add_groups(const Tables& t, const HouseholdTest& test, std::vector<Voice>& voices) {
  for (const GroupTables& group : t.groups) {
    std::vector<Household> unknown;
    if (all_hold({group.household}, test, unknown) == false) continue;
    for (const auto& [row, rule] : group.rules) {
      Voice voice;
      voice.school = t.row_tables[row].school;
      voice.rank = Rank::group;
      voice.says = group.one_school ? Says::yes : Says::undetermined;
      voice.source = Voice::Source::group;
      voice.item = row;
      voice.rules = {rule};
      voice.unknown = unknown;
      voices.push_back(std::move(voice));
    }
  }
}

void add_link(const Tables& t, std::size_t number, const Spot& spot, const RegionsHere& here, const HouseholdTest& test,
              std::vector<Voice>& voices) {
  const FeederLink& link = t.feeders.links()[number];
  Voice voice;
  if (all_hold(link.households, test, voice.unknown) == false) return;
  voice.school = t.number_of(link.to);
  voice.rank = link.by_place ? Rank::feeder_by_place : Rank::feeder;
  voice.says = link.partial ? Says::undetermined : Says::yes;
  voice.source = Voice::Source::feeder;
  voice.item = static_cast<std::uint32_t>(number);
  if (link.from == "*") voice.mode = AllocationMode::choice;
  if (link.row) {
    const zone_text::CompiledText& text = t.rows[*link.row].text;
    voice.shared = zone_text::is_shared_zone(text, text.feeders[link.rule].scope);
  }
  if (link.region) {
    const std::uint32_t region = t.region_number(static_cast<std::uint32_t>(*link.row), *link.region);
    if (!spot.position) {
      voice.says = Says::undetermined;
    } else if (here.has(here.near_line, region)) {
      voice.says = Says::near_line;
    } else if (!here.has(here.inside, region)) {
      return;
    }
  }
  voices.push_back(std::move(voice));
}

void add_feeders(const Tables& t, const Spot& spot, const ChildQuery& child, const RegionsHere& here,
                 const HouseholdTest& test, std::vector<Voice>& voices) {
  if (t.feeders.empty() || child.primary_school_id.empty()) return;
  const auto links = t.feeders.links_of(child.primary_school_id);
  for (const std::size_t link : links) add_link(t, link, spot, here, test, voices);
  for (const std::size_t link : t.feeders.open_to_all()) add_link(t, link, spot, here, test, voices);
  if (!links.empty()) return;
  for (const std::size_t row : t.feeders.unresolved_rows()) {  // one of the names may be this school's
    Voice voice;
    voice.school = t.row_tables[row].school;
    voice.rank = Rank::feeder;
    voice.says = Says::undetermined;
    voice.source = Voice::Source::row;
    voice.item = static_cast<std::uint32_t>(row);
    voices.push_back(std::move(voice));
  }
}

}  // namespace

void collect_voices(const Tables& t, const Spot& spot, const ChildQuery& child, const HouseholdTest& test,
                    std::vector<Voice>& voices) {
  const std::vector<geo::NameId> names = names_over(t, spot.path);
  const RegionsHere here = regions_at(t, spot);
  std::vector<Doubt> doubts;
  for (const std::uint32_t row : rows_that_may_speak(t, names, here)) {
    const TextAnswer said = zone_text::answer(t.rows[row].text, *t.names, spot.path, spot.position, spot.error_m, test);
    add_row(t, row, said, mode_of(t.row_tables[row], spot.path, names), voices);
    if (said.may_be_denied || said.near_denial) {
      doubts.push_back({row, said.may_be_denied ? Says::undetermined : Says::near_line});
    }
  }
  add_zones(t, spot, doubts, voices);
  add_groups(t, test, voices);
  add_feeders(t, spot, child, here, test, voices);
}

}  // namespace catchment::engine
