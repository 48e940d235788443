// Every address, once: given to several schools, or to none.
#include <algorithm>
#include <map>
#include <set>

#include "engine/zone_text/address_groups.hpp"
#include "engine/zone_text/linting/lint_parts.hpp"

namespace catchment::engine::zone_text {
namespace {

using geo::EntryId;
using geo::NameId;
using Deciders = std::vector<std::pair<std::size_t, std::uint32_t>>;  // row and rule, by row

constexpr std::size_t kStreetsShown = 5;

// Which schools name a street, estate or community, and how far along it their numbers go.
struct Naming {
  std::map<std::string, std::pair<std::size_t, std::uint32_t>> schools;  // to the first row and rule that names it
  std::int32_t lowest = 0x7fffffff;
  std::int32_t highest = 0;
};

class NamedBySchools {
 public:
  explicit NamedBySchools(const Notice& notice) {
    for (std::size_t r = 0; r < notice.rows.size(); ++r) {
      const std::vector<AddressRule>& rules = notice.texts[r].rules;
      for (std::uint32_t k = 0; k < rules.size(); ++k) add(notice.rows[r].school_id, r, k, rules[k]);
    }
  }

  // nullptr unless two schools or more name it.
  const Naming* divided(NameId name) const {
    const auto at = namings_.find(name);
    return at == namings_.end() || at->second.schools.size() < 2 ? nullptr : &at->second;
  }

 private:
  void add(const std::string& school, std::size_t row, std::uint32_t k, const AddressRule& rule) {
    if (rule.name != geo::kNoName) {
      Naming& naming = namings_[rule.name];
      naming.schools.try_emplace(school, row, k);
      if (rule.numbers.empty()) widen(naming, 0, 0x7fffffff);
      for (const NumberRange& range : rule.numbers) {
        widen(naming, range.from ? range.from->number : 0, range.to ? range.to->number : 0x7fffffff);
      }
    }
    for (const NameId above : rule.path) {
      Naming& naming = namings_[above];
      naming.schools.try_emplace(school, row, k);
      widen(naming, 0, 0x7fffffff);
    }
  }

  static void widen(Naming& naming, std::int32_t low, std::int32_t high) {
    naming.lowest = std::min(naming.lowest, low);
    naming.highest = std::max(naming.highest, high);
  }

  std::map<NameId, Naming> namings_;
};

// Addresses of one divided street, estate or community that go to nobody or to several.
struct Divided {
  std::vector<EntryId> missing;
  std::map<std::vector<std::size_t>, std::vector<EntryId>> doubled;  // by the rows that give them
};

std::string count_text(std::size_t n) { return std::to_string(n) + (n == 1 ? " address" : " addresses"); }

class Disputes {
 public:
  Disputes(const Notice& notice, LintReport& counts)
      : notice_(notice), names_(notice.ground.names()), counts_(counts), named_(notice) {}

  std::vector<Finding> run() {
    counts_.addresses = names_.entry_count();
    for (EntryId id = 0; id < names_.entry_count(); ++id) look_at(id);
    for (const auto& [name, what] : divided_) report_divided(name, what);
    for (const auto& [deciders, entries] : overlaps_) report_overlap(deciders, entries);
    report_gaps();
    return std::move(found_);
  }

 private:
  // --- one address ----------------------------------------------------------------------------------------------

  void look_at(EntryId id) {
    const std::span<const RowVerdict> said = notice_.answers.of(id);
    bool in = false, doubt = said.empty() && notice_.answers.may_be_in_a_region(id);
    for (const RowVerdict& v : said) {
      in |= v.verdict == Verdict::in;
      doubt |= v.verdict == Verdict::undetermined || v.on_boundary;
    }
    const geo::EntryPath path = said.size() > 1 || !in ? names_.entry(id).path : geo::EntryPath{};
    const Deciders conflict = said.size() > 1 ? find_conflict(said, path) : Deciders{};
    if (!conflict.empty()) {
      ++counts_.in_several;
      file_conflict(id, path, conflict);
    } else if (doubt) {
      ++counts_.undetermined;
    } else if (in) {
      ++counts_.in_one;
    } else {
      ++counts_.in_none;
      file_missing(id, path);
    }
  }

  // The rows of different schools that give the address to some child without sharing it.
  Deciders find_conflict(std::span<const RowVerdict> said, const geo::EntryPath& path) const {
    std::set<std::size_t> in_conflict;
    for (std::size_t i = 0; i < said.size(); ++i) {
      for (std::size_t j = i + 1; j < said.size(); ++j) {
        if (!contradict(said[i], said[j], path)) continue;
        in_conflict.insert(i);
        in_conflict.insert(j);
      }
    }
    Deciders out;
    for (const std::size_t i : in_conflict) out.emplace_back(said[i].row, said[i].rule);
    return out;
  }

  bool contradict(const RowVerdict& a, const RowVerdict& b, const geo::EntryPath& path) const {
    if (a.verdict != Verdict::in || b.verdict != Verdict::in || a.on_boundary || b.on_boundary) return false;
    if (notice_.rows[a.row].school_id == notice_.rows[b.row].school_id) return false;
    if (notice_.joint.same_words(a.row, b.row)) return false;
    const auto& conditions = notice_.answers;
    if (exclude_each_other(conditions.condition(a.condition), conditions.condition(b.condition))) return false;
    return !notice_.joint.declared(a, b.row, path) && !notice_.joint.declared(b, a.row, path);
  }

  void file_conflict(EntryId id, const geo::EntryPath& path, const Deciders& conflict) {
    std::vector<std::size_t> rows;
    for (const auto& [row, rule] : conflict) rows.push_back(row);
    for (const NameId name : {path.street, path.estate, path.community}) {
      const Naming* naming = name == geo::kNoName ? nullptr : named_.divided(name);
      if (naming == nullptr) continue;
      const auto names_it = [&](std::size_t row) { return naming->schools.contains(notice_.rows[row].school_id); };
      if (!std::ranges::all_of(rows, names_it)) continue;
      divided_[name].doubled[rows].push_back(id);
      return;
    }
    overlaps_[conflict].push_back(id);
  }

  void file_missing(EntryId id, const geo::EntryPath& path) {
    for (const NameId name : {path.street, path.estate, path.community}) {
      const Naming* naming = name == geo::kNoName ? nullptr : named_.divided(name);
      if (naming == nullptr) continue;
      // Beyond the numbers anybody names the street may belong to another notice: a gap, not a mistake of these two.
      if (path.door.number != 0 && (path.door.number < naming->lowest || path.door.number > naming->highest)) continue;
      divided_[name].missing.push_back(id);
      return;
    }
    missing_.push_back(id);
  }

  // --- reports --------------------------------------------------------------------------------------------------

  Finding make(FindingKind kind, std::size_t row, std::uint32_t rule) const {
    Finding f;
    f.kind = kind;
    f.row = row;
    if (row == kWholeNotice || rule == kNoRule) return f;
    f.span = notice_.texts[row].rules[rule].span;
    f.quote = quote_of(notice_.texts[row], f.span);
    return f;
  }

  std::string school_list(const std::vector<std::size_t>& rows) const {
    std::vector<std::string> labels;
    for (const std::size_t row : rows) {
      std::string label = label_of(notice_.rows[row]);
      if (std::ranges::find(labels, label) == labels.end()) labels.push_back(std::move(label));
    }
    std::string text;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      text += (i == 0 ? "" : i + 1 == labels.size() ? " and " : ", ") + labels[i];
    }
    return text;
  }

  void report_divided(NameId name, const Divided& what) {
    const Naming& naming = *named_.divided(name);
    std::vector<std::size_t> rows;
    std::vector<std::string> schools;
    auto anchor = naming.schools.begin()->second;
    for (const auto& [school, first] : naming.schools) {
      schools.push_back(school);
      rows.push_back(first.first);
      anchor = std::min(anchor, first);
    }
    std::ranges::sort(rows);
    Finding at = make(FindingKind::not_complementary, anchor.first, anchor.second);
    at.candidates = std::move(schools);
    at.message = std::string(names_.thing(name).name) + " is divided between " + school_list(rows) + ", but ";
    if (!what.missing.empty()) {
      const auto groups = group_addresses(names_, what.missing);
      at.message += summary(groups, kStreetsShown) + " (" + count_text(what.missing.size()) + ") has no school";
      at.proposal = mend_missing(groups);
    }
    bool first = what.missing.empty();
    for (const auto& [doubled_rows, entries] : what.doubled) {
      const auto groups = group_addresses(names_, entries);
      at.message += (first ? "" : "; ") + summary(groups, kStreetsShown) + " (" + count_text(entries.size()) +
                    ") is given to " + school_list(doubled_rows);
      if (!at.proposal.empty()) at.proposal += " ";
      at.proposal += mend_doubled(groups, doubled_rows);
      first = false;
    }
    at.message += ".";
    found_.push_back(std::move(at));
  }

  void report_overlap(const Deciders& deciders, const std::vector<EntryId>& entries) {
    Finding f = make(FindingKind::overlap, deciders.front().first, deciders.front().second);
    std::vector<std::size_t> rows;
    std::string clauses;
    std::set<std::string> schools;
    for (const auto& [row, rule] : deciders) {
      rows.push_back(row);
      schools.insert(notice_.rows[row].school_id);
      if (row == deciders.front().first || rule == kNoRule) continue;
      clauses += (clauses.empty() ? "" : "; ") + label_of(notice_.rows[row]) + " has \"" +
                 quote_of(notice_.texts[row], notice_.texts[row].rules[rule].span) + "\"";
    }
    const auto groups = group_addresses(names_, entries);
    f.message = count_text(entries.size()) + (entries.size() == 1 ? " is" : " are") + " given to " + school_list(rows) +
                " without a joint-zone statement: " + summary(groups, kStreetsShown) + "; " + clauses + ".";
    f.proposal = mend_doubled(groups, rows);
    f.candidates.assign(schools.begin(), schools.end());
    found_.push_back(std::move(f));
  }

  // Gaps on a street of which other addresses have a school are told street by street; all else by community.
  void report_gaps() {
    std::map<std::string, std::vector<EntryId>> elsewhere;
    for (AddressGroup& group : group_addresses(names_, missing_)) {
      const auto neighbour = group.whole || group.name == geo::kNoName ? std::nullopt : find_neighbour(group);
      if (!neighbour) {
        for (const EntryId id : group.entries) elsewhere[place_of(names_.entry(id).path)].push_back(id);
        continue;
      }
      Finding f = make(FindingKind::gap, neighbour->row, neighbour->rule);
      f.message = count_text(group.entries.size()) + (group.entries.size() == 1 ? " has" : " have") +
                  " no school: " + group.text + "; the next number is in " + label_of(notice_.rows[neighbour->row]) +
                  ".";
      f.proposal = "Add " + group.text + " to the row that is meant, such as that one.";
      f.candidates = {notice_.rows[neighbour->row].school_id};
      found_.push_back(std::move(f));
    }
    for (const auto& [place, entries] : elsewhere) {
      const auto groups = group_addresses(names_, entries);
      Finding f = make(FindingKind::gap, kWholeNotice, kNoRule);
      f.message = count_text(entries.size()) + (place.empty() ? "" : " in " + place) +
                  (entries.size() == 1 ? " has" : " have") + " no school: " + summary(groups, kStreetsShown) + ".";
      found_.push_back(std::move(f));
    }
  }

  std::string place_of(const geo::EntryPath& path) const {
    for (const NameId name : {path.community, path.district}) {
      if (name != geo::kNoName) return std::string(names_.thing(name).name);
    }
    return "";
  }

  // Who has the address with the nearest number on the same side of the street.
  std::optional<RowVerdict> find_neighbour(const AddressGroup& group) const {
    const geo::EntryPath path = names_.entry(group.entries.front()).path;
    std::optional<RowVerdict> best;
    std::int32_t nearest = 0x7fffffff;
    for (const EntryId id : names_.entries_of(group.name)) {
      const std::span<const RowVerdict> said = notice_.answers.of(id);
      const auto in = std::ranges::find(said, Verdict::in, &RowVerdict::verdict);
      if (in == said.end()) continue;
      const geo::EntryPath other = names_.entry(id).path;
      const std::int32_t side = other.door.odd() == path.door.odd() ? 0 : 1000000;
      const std::int32_t distance = side + std::abs(other.door.number - path.door.number);
      if (distance >= nearest) continue;
      nearest = distance;
      best = *in;
    }
    return best;
  }

  std::string mend_missing(const std::vector<AddressGroup>& groups) const {
    const AddressGroup& group = *std::ranges::max_element(groups, {}, [](const auto& g) { return g.entries.size(); });
    const auto neighbour = group.name == geo::kNoName ? std::nullopt : find_neighbour(group);
    if (!neighbour) return "Add " + group.text + " to one of the rows.";
    return "Add " + group.text + " to one of them; the next number is in " + label_of(notice_.rows[neighbour->row]) +
           ".";
  }

  std::string mend_doubled(const std::vector<AddressGroup>& groups, const std::vector<std::size_t>& rows) const {
    const AddressGroup& group = *std::ranges::max_element(groups, {}, [](const auto& g) { return g.entries.size(); });
    return "Leave " + group.text + " out of all but one, for example （" + group.text + "除外） in " +
           label_of(notice_.rows[rows.front()]) + ", or write 与" + label_of(notice_.rows[rows.front()]) +
           "共同学区 in " + label_of(notice_.rows[rows.back()]) + ".";
  }

  const Notice& notice_;
  const geo::Gazetteer& names_;
  LintReport& counts_;
  NamedBySchools named_;
  std::map<NameId, Divided> divided_;
  std::map<Deciders, std::vector<EntryId>> overlaps_;
  std::vector<EntryId> missing_;
  std::vector<Finding> found_;
};

}  // namespace

std::vector<Finding> find_disputes(const Notice& notice, LintReport& counts) { return Disputes(notice, counts).run(); }

}  // namespace catchment::engine::zone_text
