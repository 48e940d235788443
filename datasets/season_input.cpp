#include "datasets/season_input.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <thread>
#include <unordered_map>

#include "engine/admission/season/judged_child.hpp"
#include "engine/policy/calendar.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

namespace admission = engine::admission;
namespace policy = engine::policy;
using admission::ChildFacts;
using admission::kNobody;
using admission::SeasonWindow;
using admission::SeatWay;

// The time of an act: so many millionths into a window, in its open hours.
std::optional<std::chrono::local_seconds> act_time(const admission::WindowTimes& window,
                                                   std::optional<int> millionths) {
  using std::chrono::seconds;
  if (!millionths) return std::nullopt;
  const auto length = (window.until - window.from).count();
  const auto at = window.from + seconds(length * *millionths / 1'000'000);
  if (window.open_minute == 0 && window.close_minute == 1440) return at;
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const auto open = seconds(window.open_minute * 60);
  const auto hours = seconds((window.close_minute - window.open_minute) * 60) - seconds(1);
  return std::clamp(std::chrono::local_seconds(day) + open + seconds((at - day).count() * hours.count() / 86400),
                    window.from, window.until);
}

// Every judgement a pack makes of these children, each made once.
class SeasonJudge {
 public:
  explicit SeasonJudge(const admission::EligibilityRules& rules) : rules_(rules) {
    for (const policy::Evidence& evidence : rules.pack().evidence) evidence_.push_back(evidence.id);
  }

  const admission::Eligibility& judge(const admission::ChildRow& child, const SeasonFamily& family,
                                      const admission::SchoolRow* private_school) {
    ChildFacts facts = facts_of(child, family, private_school);
    const std::string key = key_of(facts) + (old_enough(child) ? "" : "young");
    const auto found = judged_.find(key);
    if (found != judged_.end()) return found->second;
    facts.evidence = evidence_;
    return judged_.emplace(key, rules_.judge(facts)).first->second;
  }

  int school_year = 0;

 private:
  ChildFacts facts_of(const admission::ChildRow& child, const SeasonFamily& family,
                      const admission::SchoolRow* school) const;
  static std::string key_of(const ChildFacts& facts);
  bool old_enough(const admission::ChildRow& child) const;

  const admission::EligibilityRules& rules_;
  std::vector<std::string> evidence_;
  std::unordered_map<std::string, admission::Eligibility> judged_;
};

// Addresses and zones only ever are compared, so "here" and "elsewhere" say all there is to say.
ChildFacts SeasonJudge::facts_of(const admission::ChildRow& child, const SeasonFamily& family,
                                 const admission::SchoolRow* school) const {
  ChildFacts f;
  f.stage = child.stage, f.sector = school != nullptr ? "private_school" : "public_school";
  f.district = child.district, f.private_choices = school != nullptr ? 1 : 0, f.also_public = false;
  if (school != nullptr) {
    f.school_district = school->district, f.school_approved_by = school->city_approved ? "city" : "district";
    f.school_fee_per_term = school->fee_yuan.value_or(0), f.school_boards = school->boarding;
    f.school_has_seats_left = true;
  }
  f.school_for_foreigners = false, f.school_is_special = family.claim_way == "placement", f.village_school = false;
  f.birth_day = child.birth_date;
  f.nationality = "chinese", f.groups = child.groups;
  if (child.migrant) f.groups->emplace_back("migrant");
  f.disability = child.disability.empty() ? "none" : child.disability;
  f.needs_home_care = child.disability == "home_care";
  f.deferral_granted = child.placement == "deferred", f.deferral_requested = *f.deferral_granted;
  f.deferred_last_year = false, f.applied_anew = false;
  f.hukou_in_city = family.hukou, f.hukou_urban = family.hukou;
  f.hukou_district = family.hukou ? child.district : "elsewhere";
  f.hukou_address = family.hukou_here ? "here" : "elsewhere", f.hukou_zone = *f.hukou_address;
  f.hukou_with = family.hukou_with, f.hukou_since_birth = family.hukou_since_birth;
  f.residence_district = child.district, f.residence_address = "here", f.residence_zone = "here";
  f.residence_rural = false, f.parents_in_city = true;
  f.lives_with = std::vector<std::string>{"parents"};
  if (family.hukou_with == "grandparents") f.lives_with->emplace_back("grandparents");
  f.property_addresses = family.property ? std::vector<std::string>{"here"} : std::vector<std::string>{};
  f.grandparents_property_addresses =
      family.grandparents_property ? std::vector<std::string>{"here"} : std::vector<std::string>{};
  f.permit_holder = family.permit, f.permit_district = child.district;
  f.permit_valid_until = std::chrono::local_days(std::chrono::year(school_year) / 12 / 31);
  f.residence_months = family.residence_months, f.lawful_work = family.lawful_work;
  f.lawful_home = family.lawful_home, f.district_rule_met = family.granted;
  f.primary_graduation_year = school_year, f.primary_school = "primary", f.primary_campus = "";
  f.primary_district = child.district, f.primary_in_city = true;
  f.direct_promotion = family.claim_way == "direct_promotion", f.estate_child = family.claim_way == "attached_estate";
  f.parent_dishonest_debtor = false;
  return f;
}

bool SeasonJudge::old_enough(const admission::ChildRow& child) const {
  for (const policy::AgeRule& rule : rules_.pack().age_rules) {
    if (!rule.cutoff || rule.stage != *engine::find_stage(child.stage) || !child.birth_date) continue;
    const bool here =
        rule.districts.empty() || std::ranges::find(rule.districts, child.district) != rule.districts.end();
    if (here && !policy::is_old_enough(rule, *child.birth_date).value_or(false)) return false;
  }
  return true;
}

// What judgements of these children can hang on; days of birth only by being old enough.
std::string SeasonJudge::key_of(const ChildFacts& f) {
  std::string key = *f.stage + *f.sector + *f.district + "|" + f.school_district.value_or("") + "|" +
                    f.school_approved_by.value_or("") + std::to_string(f.school_fee_per_term.value_or(0)) + "|" +
                    *f.disability + "|" + *f.hukou_with + "|" + *f.hukou_address + *f.permit_holder +
                    std::to_string(*f.residence_months);
  for (const std::string& group : *f.groups) key += "," + group;
  for (const bool flag :
       {*f.school_is_special, *f.deferral_granted, *f.hukou_in_city, *f.hukou_since_birth,
        !f.property_addresses->empty(), !f.grandparents_property_addresses->empty(), *f.lawful_work, *f.lawful_home,
        *f.direct_promotion, *f.estate_child, *f.district_rule_met, f.school_boards.value_or(false)}) {
    key += flag ? '1' : '0';
  }
  return key;
}

// Head teachers whom nobody named: a code for each class there could be.
std::vector<admission::Code> synthetic_heads(const std::string& school_id, int classes) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::vector<admission::Code> codes;
  for (int i = 0; static_cast<int>(codes.size()) < classes; ++i) {
    const admission::Digest bytes =
        admission::hash(admission::Suite::sha256, "head " + school_id + " " + std::to_string(i));
    admission::Code code;
    for (std::size_t k = 0; k < code.size(); ++k) code[k] = kDigits[bytes[k] % 32];
    if (std::ranges::find(codes, code) == codes.end()) codes.push_back(code);
  }
  return codes;
}

// One level of a season being made ready.
class LevelBuilder {
 public:
  LevelBuilder(const SeasonDir& dir, SeasonJudge& judge, const admission::EligibilityRules& rules, LevelInput& out)
      : dir_(dir), judge_(judge), rules_(rules), out_(out) {}

  void add_districts();
  void add_schools();
  void add_children();

 private:
  admission::TakenBy taken_by() const;
  std::uint32_t school_at(std::size_t row, const char* column, const std::string& id) const;
  void add_child(std::size_t row);
  void judge_child(std::size_t row, admission::RunChild& child);
  void set_claim(std::size_t row, admission::RunChild& child);
  void set_acts(std::size_t row, admission::RunChild& child);
  bool may_choose(std::size_t row, std::uint32_t school);

  const SeasonDir& dir_;
  SeasonJudge& judge_;
  const admission::EligibilityRules& rules_;
  LevelInput& out_;
  std::map<std::string, std::uint32_t, std::less<>> schools_, zones_;
  std::map<std::string, std::uint16_t, std::less<>> districts_;
  std::unordered_map<std::string, std::uint32_t> children_;
};

void LevelBuilder::add_schools() {
  const bool draws_heads = std::ranges::any_of(
      rules_.pack().class_rules, [](const policy::ClassRules& rules) { return rules.random_head_teachers; });
  std::unordered_map<std::string, const SeasonSite*> sites;
  for (const SeasonSite& site : dir_.sites) sites.emplace(site.school_id, &site);
  for (std::size_t row = 0; row < dir_.tables.schools.size(); ++row) {
    const admission::SchoolRow& school = dir_.tables.schools[row];
    if (school.stage != out_.input.level) continue;
    const auto site = sites.find(school.school_id);
    if (site == sites.end())
      throw InputError("season_family", "sites.csv", "has no line for school " + school.school_id);
    admission::RunSchool made;
    made.id = school.school_id, made.district = districts_.at(school.district);
    made.is_private = school.ownership == "private", made.special = school.kind == "special";
    made.taken_by = taken_by();
    made.plan = school.plan_seats.value_or(0), made.classes = school.plan_classes.value_or(1);
    for (const policy::ClassCap& cap : rules_.pack().class_caps) {
      if (cap.stage == *engine::find_stage(school.stage) && cap.cap > 0 && made.class_cap == 0)
        made.class_cap = cap.cap;
    }
    if (made.class_cap == 0)
      made.class_cap = std::max(0, made.plan + made.classes - 1) / std::max(made.classes, 1);  // none is set
    if (draws_heads) made.heads = synthetic_heads(made.id, std::max(made.classes, 1));
    made.x_m = site->second->x_m, made.y_m = site->second->y_m;
    schools_.emplace(school.school_id, static_cast<std::uint32_t>(out_.schools.size()));
    out_.input.schools.push_back(std::move(made)), out_.schools.push_back(row);
  }
  for (const admission::ZoneRow& zone : dir_.tables.zones) {
    if (zone.stage == out_.input.level && !zone.school_ids.empty())
      zones_.emplace(zone.zone_id, school_at(0, "zone", zone.school_ids.front()));
  }
}

// How a family keeps the private seat it has won.
admission::TakenBy LevelBuilder::taken_by() const {
  const engine::Stage stage = *engine::find_stage(out_.input.level);
  for (const policy::Confirmation& c : rules_.pack().confirmations) {
    const bool here = c.stages.empty() || std::ranges::find(c.stages, stage) != c.stages.end();
    if (here && c.sector != policy::Sector::public_school)
      return c.method == policy::ConfirmBy::payment ? admission::TakenBy::receipt : admission::TakenBy::clock;
  }
  return admission::TakenBy::clock;
}

std::uint32_t LevelBuilder::school_at(std::size_t row, const char* column, const std::string& id) const {
  if (id.empty()) return kNobody;
  const auto found = schools_.find(id);
  if (found != schools_.end()) return found->second;
  throw InputError("season_family", "families.csv:" + std::to_string(row + 2) + "#" + column,
                   "no school of this level: " + id);
}

// Those of the schools and then of the children, by their first row.
void LevelBuilder::add_districts() {
  const auto add = [this](const std::string& id) {
    if (districts_.try_emplace(id, static_cast<std::uint16_t>(districts_.size())).second) out_.districts.push_back(id);
  };
  for (const admission::SchoolRow& school : dir_.tables.schools) {
    if (school.stage == out_.input.level) add(school.district);
  }
  for (const admission::ChildRow& child : dir_.tables.children) {
    if (child.stage == out_.input.level) add(child.district);
  }
  out_.input.districts = out_.districts.size();
  number_districts(out_.run, out_.districts);
}

void LevelBuilder::add_children() {
  for (std::size_t row = 0; row < dir_.tables.children.size(); ++row) {
    if (dir_.tables.children[row].stage == out_.input.level) add_child(row);
  }
  for (std::size_t i = 0; i < out_.rows.size(); ++i) {
    const std::string& unit = dir_.families[out_.rows[i]].unit;
    const auto found = children_.find(unit);
    if (found != children_.end()) out_.input.children[i].unit = found->second;
  }
}

void LevelBuilder::add_child(std::size_t row) {
  const admission::ChildRow& child = dir_.tables.children[row];
  const SeasonFamily& family = dir_.families[row];
  admission::RunChild made;
  admission::parse_code(child.child_id, made.code);
  children_.emplace(child.child_id, static_cast<std::uint32_t>(out_.rows.size()));
  const auto zone = zones_.find(child.zone_id);
  if (zone != zones_.end()) made.zone_school = zone->second;
  made.dwelling = static_cast<std::uint32_t>(family.dwelling), made.family = static_cast<std::uint32_t>(family.family);
  made.district = districts_.at(child.district);
  made.girl = child.sex == "female", made.needs = child.placement == "mainstream" && !child.disability.empty();
  made.namesake = family.namesake, made.x_m = family.x_m, made.y_m = family.y_m;
  judge_child(row, made);
  set_claim(row, made);
  set_acts(row, made);
  out_.rows.push_back(row), out_.input.children.push_back(std::move(made));
}

void LevelBuilder::judge_child(std::size_t row, admission::RunChild& child) {
  const SeasonFamily& family = dir_.families[row];
  const admission::Eligibility& judged = judge_.judge(dir_.tables.children[row], family, nullptr);
  out_.categories.push_back(judged.category);
  admission::apply_verdict(rules_.pack(), judged, {family.granted, dir_.tables.children[row].placement == "deferred"},
                           child);
  const auto day = [](admission::MaybeDay at) { return at ? at->time_since_epoch().count() : std::int64_t{1} << 30; };
  const std::uint32_t zone = child.zone_school;
  const auto& schools = out_.input.schools;
  child.keys = {zone == kNobody ? 0 : std::abs(child.x_m - schools[zone].x_m) + std::abs(child.y_m - schools[zone].y_m),
                day(family.hukou_since),
                day(family.property_since),
                day(family.permit_since),
                family.points,
                family.registers.value_or(2'000'000)};
}

void LevelBuilder::set_claim(std::size_t row, admission::RunChild& child) {
  const SeasonFamily& family = dir_.families[row];
  const std::uint32_t school = school_at(row, "claim", family.claim);
  if (school == kNobody || child.way == SeatWay::none || child.deferred) return;
  const bool is_private = out_.input.schools[school].is_private;
  const admission::SchoolRow& at = dir_.tables.schools[out_.schools[school]];
  const admission::Eligibility& judged = judge_.judge(dir_.tables.children[row], family, is_private ? &at : nullptr);
  if (is_private && judged.category.empty()) return;  // the pack knows no such claim
  child.claim = school;
  child.way = family.claim_way == "direct_promotion"  ? SeatWay::direct_promotion
              : family.claim_way == "attached_estate" ? SeatWay::attached_estate
              : family.claim_way == "placement"       ? SeatWay::placement
                                                      : SeatWay::policy;
  if (!judged.reasons.empty()) child.clause = judged.reasons.front().clause;
}

// Whether the pack lets the child apply there.
bool LevelBuilder::may_choose(std::size_t row, std::uint32_t school) {
  const admission::SchoolRow& at = dir_.tables.schools[out_.schools[school]];
  const admission::Eligibility& judged = judge_.judge(dir_.tables.children[row], dir_.families[row], &at);
  return judged.verdict == admission::Verdict::eligible ||
         (judged.verdict == admission::Verdict::needs_review && !judged.category.empty() && dir_.families[row].granted);
}

void LevelBuilder::set_acts(std::size_t row, admission::RunChild& child) {
  const SeasonFamily& f = dir_.families[row];
  const admission::SeasonRules& season = out_.run.rules.season;
  const admission::RunTimes& times = out_.run.rules.times;
  const auto window = [&](SeasonWindow w) { return season.window(w, child.district); };
  using std::chrono::hours;
  admission::FamilyActs& acts = child.acts;
  acts.registers = act_time(window(SeasonWindow::online), f.registers);
  acts.mistaken = f.mistaken;
  acts.amends = act_time(window(SeasonWindow::online), f.amends);
  if (acts.amends && acts.registers && *acts.amends < *acts.registers) std::swap(acts.amends, acts.registers);
  acts.on_site = act_time(window(SeasonWindow::on_site), f.on_site);
  acts.late = act_time(window(SeasonWindow::late), f.late);
  acts.choice = school_at(row, "choice", f.choice);
  if (acts.choice != kNobody && may_choose(row, acts.choice))
    acts.chooses = act_time(window(SeasonWindow::private_choice), f.chooses);
  if (acts.chooses && acts.registers) acts.chooses = std::max(*acts.chooses, *acts.registers + std::chrono::minutes(1));
  acts.answers_private = f.answers_private.value_or(-1), acts.answers_public = f.answers_public.value_or(-1);
  acts.moves = act_time({times.lock + hours(1), times.deal - hours(1)}, f.moves);
  acts.transfers = act_time({times.lock + hours(1), times.deal - hours(1)}, f.transfers);
  acts.transfers_to = school_at(row, "transfers_to", f.transfers_to);
  acts.reports = act_time(season.window(SeasonWindow::report), f.reports);
  acts.returns = act_time({times.trace + hours(1), times.close - hours(1)}, f.returns);
}

// What the bureau has to set before a season can be run by such a pack, and the clause by which it publishes that.
std::string what_no_season_can_do_without(const policy::PolicyPack& pack) {
  std::string missing = "a window of registration (calendar.windows, kind registration)", clause;
  if (pack.categories.empty()) missing += "; the categories of children who may enter (categories)";
  if (pack.filling.empty()) missing += "; the order in which seats are given (filling)";
  for (const policy::Publication& p : pack.calendar.publications) {
    if (clause.empty() || std::ranges::find(p.contents, policy::Content::procedure) != p.contents.end())
      clause = p.clause;
  }
  std::string text = "no season can be run by this pack alone, for the document leaves these to the bureau: " + missing;
  for (const policy::Document& document : pack.documents) {
    for (const policy::Clause& c : document.clauses) {
      if (c.id == clause) text += ". It publishes them under clause " + c.id + " (" + c.title + ")";
    }
  }
  return text + ". Set them in a copy of the pack";
}

}  // namespace

admission::Ceremony synthetic_ceremony(std::uint64_t seed, std::string_view of) {
  admission::Ceremony ceremony;
  const admission::Digest bytes =
      admission::hash(admission::Suite::sha256, std::string(of) + " " + std::to_string(seed));
  for (std::size_t i = 0; i < 6; ++i) {
    std::string digits;
    for (std::size_t d = 0; d < 4; ++d) digits += static_cast<char>('0' + bytes[i * 4 + d] % 10);
    ceremony.dice.push_back({"synthetic-" + std::to_string(i + 1), digits});
  }
  ceremony.notary = admission::hash(admission::Suite::sha256, "notary " + std::to_string(seed));
  ceremony.bureau = admission::hash(admission::Suite::sha256, "bureau " + std::to_string(seed));
  return ceremony;
}

std::vector<LevelInput> season_input(const SeasonDir& dir, const admission::EligibilityRules& rules,
                                     std::uint64_t seed) {
  std::vector<LevelInput> levels;
  for (const auto& [stage, level] : {std::pair{engine::Stage::primary, "primary"}, {engine::Stage::junior, "junior"}}) {
    std::optional<admission::PackRun> run = admission::run_of_pack(rules.pack(), stage);
    if (!run) continue;
    LevelInput& made = levels.emplace_back();
    made.run = std::move(*run);
    made.input.place = dir.tables.season.front().place, made.input.level = level;
    made.input.ceremony = synthetic_ceremony(seed, "seats");
    made.input.class_ceremony = synthetic_ceremony(seed, "classes");
    made.input.head_ceremony = synthetic_ceremony(seed, "heads");
  }
  if (levels.empty()) throw InputError("season_policy", rules.pack().id, what_no_season_can_do_without(rules.pack()));
  std::vector<std::exception_ptr> failed(levels.size());
  const auto fill = [&](std::size_t i) {
    try {
      SeasonJudge judge(rules);
      judge.school_year = dir.tables.season.front().school_year;
      LevelBuilder builder(dir, judge, rules, levels[i]);
      builder.add_districts();
      builder.add_schools();
      builder.add_children();
    } catch (...) {
      failed[i] = std::current_exception();
    }
  };
  std::vector<std::thread> workers;  // levels share nothing
  for (std::size_t i = 1; i < levels.size(); ++i) workers.emplace_back(fill, i);
  fill(0);
  for (std::thread& worker : workers) worker.join();
  for (const std::exception_ptr& error : failed) {
    if (error) std::rethrow_exception(error);
  }
  return levels;
}

}  // namespace catchment::datasets
