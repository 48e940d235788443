// What two rows' words contradict each other in, whether or not the city has an address there.
#include <algorithm>
#include <map>
#include <set>

#include "engine/zone_text/address_groups.hpp"
#include "engine/zone_text/linting/lint_parts.hpp"
#include "engine/zone_text/number_sets.hpp"

namespace catchment::engine::zone_text {
namespace {

using geo::NameId;

struct Named {
  std::size_t row = 0;
  const AddressRule* rule = nullptr;
};

// The place that a street and a number make, as far as words go.
std::optional<geo::EntryPath> path_of(NameId street, NumberUnit unit, const geo::DoorNumber& number) {
  geo::EntryPath path;
  path.street = street;
  switch (unit) {
    case NumberUnit::door:
    case NumberUnit::compound:
      path.door = number;
      return path;
    case NumberUnit::lane:
      path.lane = number;
      return path;
    default:
      return std::nullopt;
  }
}

class WordDisputes {
 public:
  explicit WordDisputes(const Notice& notice) : notice_(notice), names_(notice.ground.names()) {
    for (std::size_t r = 0; r < notice.rows.size(); ++r) {
      for (const AddressRule& rule : notice.texts[r].rules) {
        any_region_ |= rule.region.has_value();
        const bool street = rule.name != geo::kNoName && names_.thing(rule.name).part == geo::AddressPart::street;
        if (street && !rule.region && rule.path.empty() && rule.households.empty())
          by_street_[rule.name].push_back({r, &rule});
      }
    }
  }

  std::vector<Finding> run() {
    for (const auto& [street, rules] : by_street_) {
      find_doubled(street, rules);
      find_left_out(street, rules);
    }
    find_one_sided();
    return std::move(found_);
  }

 private:
  bool said_in(std::size_t row, const geo::EntryPath& path) const {
    return answer(notice_.texts[row], names_, path, std::nullopt, 0).verdict == Verdict::in;
  }

  bool borne(NameId street, const NumberRange& range) const {
    return std::ranges::any_of(names_.entries_of(street),
                               [&](geo::EntryId id) { return holds(range, names_.entry(id).path); });
  }

  Finding make(const Named& at) const {
    Finding f;
    f.kind = FindingKind::not_complementary;
    f.row = at.row;
    f.span = at.rule->span;
    f.quote = quote_of(notice_.texts[at.row], f.span);
    return f;
  }

  void find_doubled(NameId street, const std::vector<Named>& rules) {
    std::set<std::pair<std::size_t, std::size_t>> told;  // rows
    for (std::size_t i = 0; i < rules.size(); ++i) {
      for (std::size_t j = i + 1; j < rules.size(); ++j) {
        const Named &a = rules[i], &b = rules[j];
        if (a.rule->effect != RuleEffect::allow || b.rule->effect != RuleEffect::allow) continue;
        if (notice_.rows[a.row].school_id == notice_.rows[b.row].school_id || told.contains({a.row, b.row})) continue;
        if (notice_.joint.declared(a.row, b.row) || notice_.joint.declared(b.row, a.row)) continue;
        const auto both = first_doubled(street, a, b);
        if (!both) continue;
        told.insert({a.row, b.row});
        Finding f = make(a);
        const std::string words = std::string(names_.thing(street).name) + write_range(*both);
        f.message = words + " is given to " + label_of(notice_.rows[a.row]) + " and " + label_of(notice_.rows[b.row]) +
                    " (\"" + quote_of(notice_.texts[b.row], b.rule->span) + "\"), though no known address bears it.";
        f.proposal = "Let one range begin where the other ends.";
        f.candidates = {notice_.rows[a.row].school_id, notice_.rows[b.row].school_id};
        found_.push_back(std::move(f));
      }
    }
  }

  // A range both rules give that no address bears; those that addresses bear are told by the addresses.
  std::optional<NumberRange> first_doubled(NameId street, const Named& a, const Named& b) const {
    for (const NumberRange& x : a.rule->numbers) {
      for (const NumberRange& y : b.rule->numbers) {
        const auto both = intersection(x, y);
        if (!both || !both->from || !both->inside.empty() || borne(street, *both)) continue;
        const auto path = path_of(street, both->unit, *both->from);
        if (path && said_in(a.row, *path) && said_in(b.row, *path)) return both;
      }
    }
    return std::nullopt;
  }

  // 151号除外, and no other row takes 151.
  void find_left_out(NameId street, const std::vector<Named>& rules) {
    for (const Named& at : rules) {
      if (at.rule->effect != RuleEffect::deny || at.rule->scope != 0) continue;  // told of the row that excepts it
      const bool others = std::ranges::any_of(rules, [&](const Named& n) {
        return n.rule->effect == RuleEffect::allow && notice_.rows[n.row].school_id != notice_.rows[at.row].school_id;
      });
      if (!others && any_region_)
        continue;  // the place of the number may lie in a region, but nobody knows where it is
      for (const NumberRange& range : at.rule->numbers) {
        if (!range.from || borne(street, range)) continue;
        const auto path = path_of(street, range.unit, *range.from);
        if (!path) continue;
        const bool taken = std::ranges::any_of(rules, [&](const Named& n) { return said_in(n.row, *path); });
        if (taken) continue;
        Finding f = make(at);
        const std::string words = std::string(names_.thing(street).name) + write_range(range);
        f.message = label_of(notice_.rows[at.row]) + " leaves out " + words + ", and no other row takes it.";
        f.proposal = "Add " + words + " to the school it belongs to.";
        f.candidates = {notice_.rows[at.row].school_id};
        found_.push_back(std::move(f));
      }
    }
  }

  // A joint zone of which the partner's row does not know.
  void find_one_sided() {
    struct Key {
      std::size_t row, statement, partner;
      auto operator<=>(const Key&) const = default;
    };
    std::map<Key, std::vector<geo::EntryId>> lacking;
    for (const RowVerdict& v : notice_.answers.all()) {
      const auto& statements = notice_.joint.of(v.row);
      if (statements.empty() || v.verdict != Verdict::in) continue;
      const geo::EntryPath path = names_.entry(v.entry).path;
      const std::span<const RowVerdict> said = notice_.answers.of(v.entry);
      for (std::size_t s = 0; s < statements.size(); ++s) {
        if (!statements[s].joint || !notice_.joint.covers(statements[s], v, path)) continue;
        for (std::size_t p = 0; p < statements[s].partners.size(); ++p) {
          const std::vector<std::size_t>& rows = statements[s].partners[p];
          const bool there = std::ranges::any_of(
              said, [&](const RowVerdict& other) { return std::ranges::binary_search(rows, other.row); });
          if (!rows.empty() && !there) lacking[{v.row, s, p}].push_back(v.entry);
        }
      }
    }
    for (const auto& [key, entries] : lacking) report_one_sided(key.row, key.statement, key.partner, entries);
  }

  void report_one_sided(std::size_t row, std::size_t statement, std::size_t partner,
                        const std::vector<geo::EntryId>& entries) {
    const JointStatements::Statement& s = notice_.joint.of(row)[statement];
    const std::size_t other = s.partners[partner].front();
    Finding f;
    f.kind = FindingKind::not_complementary;
    f.row = row;
    f.span = s.span;
    f.quote = quote_of(notice_.texts[row], s.span);
    const auto groups = group_addresses(names_, entries);
    f.message = label_of(notice_.rows[row]) + " says that it shares " + summary(groups, 5) + " (" +
                std::to_string(entries.size()) + " addresses) with " + label_of(notice_.rows[other]) +
                ", whose words do not give them.";
    f.proposal =
        "Add them to the other row with （与" + label_of(notice_.rows[row]) + "共同学区）, or leave the statement out.";
    f.candidates = {notice_.rows[row].school_id, notice_.rows[other].school_id};
    found_.push_back(std::move(f));
  }

  const Notice& notice_;
  const geo::Gazetteer& names_;
  std::map<NameId, std::vector<Named>> by_street_;
  bool any_region_ = false;
  std::vector<Finding> found_;
};

}  // namespace

std::vector<Finding> find_word_disputes(const Notice& notice) { return WordDisputes(notice).run(); }

}  // namespace catchment::engine::zone_text
