#include <algorithm>

#include "engine/matching/finder_worlds.hpp"

namespace catchment::engine {
namespace {

using zone_text::AllocationMode;
using zone_text::Household;
using zone_text::HouseholdTest;
using zone_text::TextAnswer;
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
  Says says = Says::undetermined;  // yes: if `unknown` do, it does not hold
  std::vector<Household> unknown;
};

std::optional<Doubt> doubt_of(std::uint32_t row, const TextAnswer& said) {
  if (said.may_be_denied) return Doubt{row, Says::undetermined, {}};
  if (said.near_denial) return Doubt{row, Says::near_line, said.not_denied_if};
  if (!said.not_denied_if.empty()) return Doubt{row, Says::yes, said.not_denied_if};
  return std::nullopt;
}

// Such rows put the shape of their own zone in doubt.
void apply_doubts(const Tables& t, geo::ZoneNumber zone, const std::vector<Doubt>& doubts, Voice& voice) {
  const auto& rows = t.zone_rows[zone];
  for (const Doubt& doubt : doubts) {
    const bool own = std::ranges::find(rows, doubt.row) != rows.end() || t.rows[doubt.row].row.zone_id.empty();
    if (!own || t.row_tables[doubt.row].school != voice.school) continue;
    if (doubt.says == Says::undetermined || voice.says == Says::yes) voice.says = doubt.says;
    voice.unknown.insert(voice.unknown.end(), doubt.unknown.begin(), doubt.unknown.end());
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

bool gives_area(const zone_text::AddressRule& rule) {
  return rule.level >= zone_text::RuleLevel::restricted_community && rule.numbers.empty() && !rule.front;
}

// Words that give the zone's area to some children only hold for its shape too. False: not to this child; `unknown`:
// only if these hold.
bool is_given_area(const Tables& t, geo::ZoneNumber zone, SchoolNumber school, const HouseholdTest& test,
                   std::vector<Household>& unknown) {
  std::optional<std::vector<Household>> open;
  bool any = false;
  for (const std::uint32_t row : t.zone_rows[zone]) {
    if (t.row_tables[row].school != school) continue;
    for (const zone_text::AddressRule& rule : t.rows[row].text.rules) {
      if (!gives_area(rule)) continue;
      any = true;
      std::vector<Household> asked;
      const std::optional<bool> holds = all_hold(rule.households, test, asked);
      if (holds == true) return true;
      if (!holds && !open) open = std::move(asked);
    }
  }
  if (open) unknown.insert(unknown.end(), open->begin(), open->end());
  return !any || open;
}

void add_zones(const Tables& t, const Spot& spot, const std::vector<Doubt>& doubts, const HouseholdTest& test,
               std::vector<Voice>& voices) {
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
      apply_doubts(t, matched.zone, doubts, voice);
      if (!is_given_area(t, matched.zone, voice.school, test, voice.unknown)) continue;
      voice.shared = zone.school_ids.size() > 1;
      if (voice.shared) voice.mode = AllocationMode::joint;
      voice.source = Voice::Source::zone;
      voice.item = matched.zone;
      voice.margin_m = matched.margin_m;
      if (!is_denied(t, matched.zone, voice.school, rows)) voices.push_back(std::move(voice));
    }
  }
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
    add_row_voices(t, row, said, spot, names, voices);
    if (auto doubt = doubt_of(row, said)) doubts.push_back(std::move(*doubt));
  }
  for (const std::uint32_t row : t.unknown_exceptions) doubts.push_back({row, Says::undetermined, {}});
  add_zones(t, spot, doubts, test, voices);
  add_groups(t, test, voices);
  add_feeders(t, spot, child, here, test, voices);
}

}  // namespace catchment::engine
