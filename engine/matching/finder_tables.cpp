#include "engine/matching/finder_tables.hpp"

#include <algorithm>

#include "geo/address/normal_text.hpp"

namespace catchment::engine {
namespace {

using zone_text::AddressRule;
using zone_text::CompiledText;
using zone_text::Household;
using Tables = SchoolFinder::Tables;

template <class T>
void sort_unique(std::vector<T>& list) {
  std::ranges::sort(list);
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

bool is_unresolved(zone_text::FindingKind kind) {
  using zone_text::FindingKind;
  return kind == FindingKind::unread || kind == FindingKind::unknown_name || kind == FindingKind::not_closed ||
         kind == FindingKind::number_without_street || kind == FindingKind::unresolved_reference;
}

void collect_schools(Tables& t, std::span<const Feeder> feeders) {
  for (const FinderRow& row : t.rows) t.schools.push_back(row.row.school_id);
  if (t.zones != nullptr) {
    for (const ZoneInfo& zone : t.zones->zones()) {
      t.schools.insert(t.schools.end(), zone.school_ids.begin(), zone.school_ids.end());
    }
  }
  for (const Feeder& feeder : feeders) t.schools.push_back(feeder.to_school_id);
}

// Schools that a notice may mean by a name: the one that bears it, else the only one whose name ends so; those in
// `among` before others.
const School* find_partner(std::string_view name, std::span<const School> schools, const Tables& among) {
  const std::string key = geo::name_key(name);
  if (key.empty()) return nullptr;
  std::vector<const School*> whole, ending, ending_here;
  for (const School& school : schools) {
    const std::string of_school = geo::name_key(school.name);
    if (of_school == key) whole.push_back(&school);
    if (!of_school.ends_with(key)) continue;
    ending.push_back(&school);
    if (among.number_of(school.id) != kNoSchool) ending_here.push_back(&school);
  }
  for (const auto* list : {&whole, &ending_here, &ending}) {
    if (!list->empty()) return list->size() == 1 ? list->front() : nullptr;
  }
  return nullptr;
}

// Partners that have neither row nor zone are answers too.
void collect_partners(Tables& t, std::span<const School> schools) {
  std::vector<std::string> found;
  for (const FinderRow& row : t.rows) {
    for (const zone_text::Allocation& allocation : row.text.allocations) {
      for (const zone_text::Name& name : allocation.partners) {
        if (const School* school = find_partner(name.text, schools, t)) found.push_back(school->id);
      }
    }
  }
  t.schools.insert(t.schools.end(), found.begin(), found.end());
  sort_unique(t.schools);
}

void read_partners(const Tables& t, const zone_text::Allocation& allocation, std::span<const School> schools,
                   SchoolNumber own, RowMode& mode) {
  for (const zone_text::Name& name : allocation.partners) {
    if (name.text == "本校") {
      mode.partners.push_back(own);
    } else if (const School* school = find_partner(name.text, schools, t)) {
      mode.partners.push_back(t.number_of(school->id));
    } else {
      mode.unknown_partners.push_back(name.text);
    }
  }
  sort_unique(mode.partners);
}

bool overlap(geo::Span a, geo::Span b) { return std::max(a.begin, b.begin) < std::min(a.end, b.end); }

RowMode::Item read_item(const Tables& t, const CompiledText& text, const zone_text::Item& item) {
  using zone_text::ModifierKind;
  RowMode::Item out;
  out.text = item.name.text;
  out.numbers = item.numbers;
  for (const geo::NameHit& hit : t.names->find_names(item.name.text)) out.names.push_back(hit.name);
  for (const zone_text::Name& step : item.path) {
    const auto hits = t.names->find_names(step.text);
    if (hits.size() == 1) out.under.push_back(hits.front().name);
  }
  for (std::size_t i = 0; i < text.rules.size(); ++i) {
    if (zone_text::gives(text.rules[i]) && overlap(text.rules[i].span, item.span)) out.rules.push_back(i);
  }
  for (const zone_text::Modifier& modifier : item.modifiers) {
    const bool numbers = modifier.kind == ModifierKind::except && modifier.sides.empty() &&
                         modifier.households.empty() &&
                         std::ranges::all_of(modifier.items, [](const auto& i) { return i.name.text.empty(); });
    if (numbers) {
      for (const zone_text::Item& i : modifier.items) {
        out.not_numbers.insert(out.not_numbers.end(), i.numbers.begin(), i.numbers.end());
      }
    } else if (modifier.kind != ModifierKind::alias && modifier.kind != ModifierKind::note &&
               modifier.kind != ModifierKind::contains && modifier.kind != ModifierKind::void_now) {
      out.in_part = true;
    }
  }
  return out;
}

void read_modes(const Tables& t, const CompiledText& text, std::span<const School> schools, RowTables& row) {
  for (const zone_text::Allocation& allocation : text.allocations) {
    RowMode mode;
    mode.mode = allocation.mode;
    mode.span = allocation.span;
    read_partners(t, allocation, schools, row.school, mode);
    for (const zone_text::Item& item : allocation.items) mode.items.push_back(read_item(t, text, item));
    row.modes.push_back(std::move(mode));
  }
  std::stable_partition(row.modes.begin(), row.modes.end(), [](const RowMode& mode) { return !mode.items.empty(); });
}

void index_names(Tables& t) {
  std::vector<std::pair<geo::NameId, std::uint32_t>> under;
  for (std::uint32_t row = 0; row < t.rows.size(); ++row) {
    const CompiledText& text = t.rows[row].text;
    for (const AddressRule& rule : text.rules) {
      if (rule.name != geo::kNoName) under.emplace_back(rule.name, row);
    }
    for (const zone_text::CompiledRegion& region : text.regions) {
      for (const zone_text::StreetFront& front : region.bounds) under.emplace_back(front.street, row);
    }
  }
  sort_unique(under);
  const std::size_t count = t.names->name_count();
  t.name_start.assign(count + 1, 0);
  for (const auto& [name, row] : under) {
    if (name < count) ++t.name_start[name + 1];
  }
  for (std::size_t i = 0; i < count; ++i) t.name_start[i + 1] += t.name_start[i];
  for (const auto& [name, row] : under) {
    if (name < count) t.name_rows.push_back(row);
  }
  for (std::size_t i = 0; i < count; ++i) t.parent.push_back(t.names->thing(static_cast<geo::NameId>(i)).parent);
}

void index_regions(Tables& t) {
  std::vector<geo::MultiPolygon> shapes;
  for (std::uint32_t row = 0; row < t.rows.size(); ++row) {
    const auto& regions = t.rows[row].text.regions;
    for (std::uint32_t i = 0; i < regions.size(); ++i) {
      shapes.push_back(regions[i].shape);
      t.region_rows.emplace_back(row, i);
    }
  }
  if (!shapes.empty()) t.regions = geo::ZoneIndex::build(shapes);
}

void index_zones(Tables& t) {
  if (t.zones == nullptr) return;
  const auto& zones = t.zones->zones();
  t.zone_rows.resize(zones.size());
  t.zone_worded.resize(zones.size());
  std::map<std::string_view, std::size_t> by_id;
  for (std::size_t z = 0; z < zones.size(); ++z) by_id.emplace(zones[z].id, z);
  for (std::uint32_t row = 0; row < t.rows.size(); ++row) {
    const auto found = by_id.find(t.rows[row].row.zone_id);
    if (t.rows[row].row.zone_id.empty() || found == by_id.end()) continue;
    t.zone_rows[found->second].push_back(row);
    t.row_tables[row].shares_zone = zones[found->second].school_ids.size() > 1;
    const CompiledText& text = t.rows[row].text;
    const bool open = std::ranges::any_of(text.findings, [](const auto& f) {
      return f.kind == zone_text::FindingKind::not_closed || f.kind == zone_text::FindingKind::unresolved_reference;
    });
    if (!text.regions.empty() && !open) t.zone_worded[found->second].push_back(t.row_tables[row].school);
  }
  for (std::size_t z = 0; z < zones.size(); ++z) {
    t.any_zone_by_shape =
        t.any_zone_by_shape || std::ranges::any_of(zones[z].school_ids, [&](const std::string& school) {
          return t.speaks_by_shape(z, t.number_of(school));
        });
  }
}

void collect_groups(Tables& t) {
  for (std::uint32_t row = 0; row < t.rows.size(); ++row) {
    const auto& groups = t.rows[row].text.groups;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const auto same = std::ranges::find_if(t.groups, [&](const GroupTables& g) {
        return same_question(g.household, groups[i].household) && wants(g.household) == wants(groups[i].household);
      });
      GroupTables& group = same == t.groups.end() ? t.groups.emplace_back() : *same;
      group.household = groups[i].household;
      if (!group.rules.empty() && t.row_tables[group.rules[0].first].school != t.row_tables[row].school) {
        group.one_school = false;
      }
      group.rules.emplace_back(row, i);
    }
  }
}

void collect_questions(Tables& t) {
  const auto ask = [&](const std::vector<Household>& households) {
    for (const Household& h : households) {
      if (h.kind == zone_text::HouseholdKind::any) continue;
      const Household question = question_of(h);
      const auto same = [&](const Household& other) { return same_question(other, question); };
      if (std::ranges::none_of(t.questions, same)) t.questions.push_back(question);
    }
  };
  for (const FinderRow& row : t.rows) {
    for (const AddressRule& rule : row.text.rules) ask(rule.households);
    for (const auto& group : row.text.groups) ask({group.household});
  }
  for (const FeederLink& link : t.feeders.links()) ask(link.households);
  std::ranges::sort(t.questions, [](const Household& a, const Household& b) {
    return std::pair(a.kind, a.who) < std::pair(b.kind, b.who);
  });
}

}  // namespace

namespace {

// A clause of exceptions only, one of which is not known, in a row without rules that it could be of.
bool excepts_the_unknown(const CompiledText& text) {
  if (std::ranges::any_of(text.rules, zone_text::gives)) return false;
  return std::ranges::any_of(text.tree.clauses, [&](const zone_text::Clause& clause) {
    const auto* addresses = std::get_if<zone_text::Addresses>(&clause.what);
    return addresses != nullptr && addresses->items.empty() &&
           std::ranges::any_of(text.findings, [&](const zone_text::Finding& f) {
             return is_unresolved(f.kind) && overlap(f.span, clause.span);
           });
  });
}

}  // namespace

std::string RowTables::campus_of(const FinderRow& row, std::size_t clause) const {
  const auto& clauses = row.text.tree.clauses;
  if (clause < clauses.size() && !clauses[clause].campus.empty()) return clauses[clause].campus;
  return row.row.campus;
}

bool SchoolFinder::Tables::speaks_by_shape(std::size_t zone, SchoolNumber school) const {
  return std::ranges::find(zone_worded[zone], school) == zone_worded[zone].end();
}

SchoolNumber SchoolFinder::Tables::number_of(const std::string& school_id) const {
  const auto found = std::ranges::lower_bound(schools, school_id);
  return found != schools.end() && *found == school_id ? static_cast<SchoolNumber>(found - schools.begin()) : kNoSchool;
}

const Notice* SchoolFinder::Tables::notice(const std::string& id) const {
  const auto found = notices.find(id);
  return found == notices.end() ? nullptr : &found->second;
}

std::uint32_t SchoolFinder::Tables::region_number(std::uint32_t row, std::size_t region) const {
  const auto wanted = std::pair{row, static_cast<std::uint32_t>(region)};
  return static_cast<std::uint32_t>(std::ranges::lower_bound(region_rows, wanted) - region_rows.begin());
}

SchoolFinder SchoolFinder::build(const geo::Gazetteer& names, const ZoneLayer* zones, std::vector<FinderRow> rows,
                                 std::span<const Feeder> feeders, std::span<const School> schools,
                                 std::span<const Notice> notices) {
  auto tables = std::make_shared<Tables>();
  Tables& t = *tables;
  t.names = &names;
  t.zones = zones;
  t.rows = std::move(rows);
  for (const Notice& notice : notices) t.notices.emplace(notice.id, notice);
  collect_schools(t, feeders);
  sort_unique(t.schools);
  collect_partners(t, schools);
  std::vector<const CompiledText*> texts;
  std::vector<std::string> school_ids;
  for (std::uint32_t row = 0; row < t.rows.size(); ++row) {
    RowTables of_row;
    of_row.school = t.number_of(t.rows[row].row.school_id);
    read_modes(t, t.rows[row].text, schools, of_row);
    const auto& findings = t.rows[row].text.findings;
    of_row.has_unresolved = std::ranges::any_of(findings, [](const auto& f) { return is_unresolved(f.kind); });
    t.row_tables.push_back(std::move(of_row));
    texts.push_back(&t.rows[row].text);
    school_ids.push_back(t.rows[row].row.school_id);
  }
  index_names(t);
  index_regions(t);
  index_zones(t);
  std::vector<bool> drawn(t.rows.size(), false);  // has a shape that says the whole of it
  for (std::size_t zone = 0; zone < t.zone_rows.size(); ++zone) {
    for (const std::uint32_t row : t.zone_rows[zone]) {
      drawn[row] = drawn[row] || t.speaks_by_shape(zone, t.row_tables[row].school);
    }
  }
  collect_groups(t);
  t.feeders = FeederIndex::build(names, texts, school_ids, feeders, schools);
  collect_questions(t);
  for (std::uint32_t row = 0; row < t.rows.size(); ++row) {
    if (t.row_tables[row].has_unresolved && !drawn[row]) t.unresolved_rows.push_back(row);
    if (excepts_the_unknown(t.rows[row].text)) t.unknown_exceptions.push_back(row);
  }
  return SchoolFinder(std::move(tables));
}

SchoolFinder::SchoolFinder(std::shared_ptr<const Tables> tables) : tables_(std::move(tables)) {}

const std::vector<Household>& SchoolFinder::questions() const { return tables_->questions; }
bool SchoolFinder::asks_for_primary_school() const { return !tables_->feeders.empty(); }

}  // namespace catchment::engine
