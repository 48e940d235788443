#include "engine/matching/feeder_index.hpp"

#include <algorithm>

#include "engine/zone_text/parse.hpp"
#include "geo/address/normal_text.hpp"

namespace catchment::engine {
namespace {

using zone_text::CompiledText;
using zone_text::FeederRule;
using zone_text::RuleEffect;

void drop_all(std::string& text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at)) text.erase(at, word.size());
}

void replace_tail(std::string& text, std::string_view tail, std::string_view with) {
  if (text.ends_with(tail)) text.replace(text.size() - tail.size(), tail.size(), with);
}

// What 示例市第二小学 and 市二小 share the end of.
std::string short_key(std::string_view name) {
  std::string key = geo::name_key(name);
  drop_all(key, "第");
  replace_tail(key, "小学校", "小");
  replace_tail(key, "小学", "小");
  replace_tail(key, "中学", "中");
  return key;
}

struct SchoolHit {
  std::string id;
  bool whole = true;  // false: the name is of one campus of it
};

}  // namespace

class FeederIndex::SchoolNames {
 public:
  explicit SchoolNames(std::span<const School> schools) {
    for (const School& school : schools) {
      if (std::ranges::find(school.stages, Stage::primary) == school.stages.end()) continue;
      known_.push_back({school.id, school.name, geo::name_key(school.name), short_key(school.name)});
    }
  }

  struct Known {
    std::string id, name, key, brief;
  };
  const std::vector<Known>& known() const { return known_; }

  // Every school that may be meant; one and whole if the name tells.
  std::vector<SchoolHit> find(std::string_view name) const {
    const std::string key = geo::name_key(name), brief = short_key(name);
    std::vector<SchoolHit> hits = all([&](const Known& k) { return k.key == key; });
    if (hits.empty()) hits = all([&](const Known& k) { return k.brief == brief; });
    if (hits.empty() && brief.size() >= 6) hits = all([&](const Known& k) { return k.brief.ends_with(brief); });
    if (!hits.empty()) return hits;
    const Known* longest = nullptr;  // 示例小学解放路校区, where the package has 示例小学
    for (const Known& k : known_) {
      if (key.starts_with(k.key) && (longest == nullptr || k.key.size() > longest->key.size())) longest = &k;
    }
    if (longest != nullptr) hits.push_back({longest->id, false});
    return hits;
  }

 private:
  template <class Test>
  std::vector<SchoolHit> all(Test&& test) const {
    std::vector<SchoolHit> hits;
    for (const Known& k : known_) {
      if (test(k)) hits.push_back({k.id, true});
    }
    return hits;
  }

  std::vector<Known> known_;
};

namespace {

// Whether the school lies under the named town or district; empty: cannot be told.
std::optional<bool> lies_in(const geo::Gazetteer& names, std::string_view school, std::string_view place) {
  const std::vector<geo::NameHit> places = names.find_names(place);
  for (const geo::NameHit& hit : names.find_names(school)) {
    geo::NameId at = names.thing(hit.name).parent;
    if (at == geo::kNoName) continue;
    for (; at != geo::kNoName; at = names.thing(at).parent) {
      if (std::ranges::find(places, at, &geo::NameHit::name) != places.end()) return true;
    }
    return false;
  }
  const std::string key = geo::name_key(place);
  if (!key.empty() && geo::name_key(school).starts_with(key)) return true;
  return std::nullopt;
}

// The table's words as a clause of a notice: 市区居民户口, 部分, or what else stands before 毕业生.
void read_condition(const Feeder& feeder, std::string_view from_name, FeederLink& link) {
  link.partial = feeder.share < 1;
  if (feeder.condition.empty()) return;
  std::string text(from_name);
  text += feeder.condition;
  if (!text.ends_with("毕业生")) text += text.ends_with("的") || text.ends_with("部分") ? "毕业生" : "的毕业生";
  const zone_text::ZoneText tree = zone_text::parse_zone_text(text);
  const auto* clause = tree.clauses.size() == 1 ? std::get_if<zone_text::Feeder>(&tree.clauses[0].what) : nullptr;
  if (clause != nullptr && clause->sides.empty() && (clause->partial || !clause->households.empty())) {
    link.partial = link.partial || clause->partial;
    link.households = clause->households;
  } else {
    link.households.push_back({zone_text::HouseholdKind::other, false, feeder.condition, {}});
  }
}

}  // namespace

FeederIndex FeederIndex::build(const geo::Gazetteer& names, std::span<const CompiledText* const> texts,
                               std::span<const std::string> school_ids, std::span<const Feeder> feeders,
                               std::span<const School> schools) {
  FeederIndex index;
  const SchoolNames known(schools);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    for (std::size_t i = 0; i < texts[row]->feeders.size(); ++i) {
      const FeederRule& rule = texts[row]->feeders[i];
      FeederLink link;
      link.to = school_ids[row];
      link.partial = rule.effect != RuleEffect::allow;
      link.households = rule.households;
      link.row = row;
      link.rule = i;
      link.region = rule.region;
      index.add_rule(rule, link, known, names);
    }
  }
  index.unresolved_.erase(std::unique(index.unresolved_.begin(), index.unresolved_.end()), index.unresolved_.end());

  for (const Feeder& feeder : feeders) {
    const auto from = std::ranges::find(schools, feeder.from_school_id, &School::id);
    const std::string name = from == schools.end() ? feeder.from_school_id : from->name;
    FeederLink link;
    link.from = feeder.from_school_id;
    link.to = feeder.to_school_id;
    read_condition(feeder, name, link);
    link.words = name + feeder.condition;
    index.add(std::move(link));
  }
  index.drop_guesses();
  return index;
}

// A primary school that some row names is not one of a town whose schools cannot be told.
void FeederIndex::drop_guesses() {
  for (auto& [school, list] : by_school_) {
    const auto named = [&](std::size_t i) { return !links_[i].by_place; };
    if (std::ranges::none_of(list, named)) continue;
    std::erase_if(list, [&](std::size_t i) { return links_[i].place_unsure; });
  }
}

void FeederIndex::add(FeederLink link) {
  (link.from == "*" ? open_ : by_school_[link.from]).push_back(links_.size());
  links_.push_back(std::move(link));
}

void FeederIndex::add_rule(const FeederRule& rule, FeederLink link, const SchoolNames& known,
                           const geo::Gazetteer& names) {
  const auto add_from = [&](const std::string& from, bool partial) {
    FeederLink one = link;
    one.place_unsure = partial && link.by_place;
    one.from = from;
    one.partial = link.partial || partial;
    add(std::move(one));
  };
  if (rule.own) {
    add_from(link.to, false);
  } else if (rule.of) {
    link.by_place = true;
    for (const auto& school : known.known()) {
      const auto within = lies_in(names, school.name, rule.of->text);
      if (within != false) add_from(school.id, !within);
    }
  } else if (rule.schools.empty()) {
    add_from("*", false);
  }
  for (const zone_text::Name& name : rule.schools) {
    const std::vector<SchoolHit> hits = known.find(name.text);
    if (hits.empty()) unresolved_.push_back(*link.row);
    for (const SchoolHit& hit : hits) add_from(hit.id, hits.size() > 1 || !hit.whole);
  }
}

std::span<const std::size_t> FeederIndex::links_of(std::string_view school_id) const {
  const auto found = by_school_.find(school_id);
  if (found == by_school_.end()) return {};
  return found->second;
}

}  // namespace catchment::engine
