#include "datasets/season_check.hpp"

#include <algorithm>
#include <set>

#include "datasets/season_check_parts.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets::season_check {

Checker::Checker(const std::filesystem::path& folder)
    : folder_(folder),
      outcomes_(folder, "outcomes.csv",
                {"child_id",   "level",       "stage",  "school_id", "way",   "clause", "reason",
                 "entered_by", "zone_school", "ticket", "margin_by", "tier",  "x_m",    "y_m",
                 "class",      "key_0",       "key_1",  "key_2",     "key_3", "key_4",  "key_5"}),
      children_(folder, "children.csv", {"child_id", "stage", "sex", "bundle_id"}),
      schools_(folder, "schools.csv", {"school_id", "stage", "ownership", "plan_seats"}),
      sites_(folder, "sites.csv", {"school_id", "x_m", "y_m"}),
      offers_(folder, "offers.csv", {"child_id", "school_id", "way", "answer_by", "answer", "answered"}),
      admissions_(folder, "admissions.csv", {"child_id", "school_id", "way", "clause"}),
      approvals_(folder, "approvals.csv", {"kind", "subject", "by", "second_by", "figure"}) {}

void Checker::report(const char* rule, std::string file, std::string_view row, std::string message) {
  out_.breaches.push_back({rule, std::move(file), std::string(row), std::move(message)});
}

std::size_t Checker::child_at(std::string_view code) const {
  const auto found = child_index_.find(code);
  return found == child_index_.end() ? kNoRow : found->second;
}

std::size_t Checker::school_at(std::string_view id) const {
  const auto found = school_index_.find(id);
  return found == school_index_.end() ? kNoRow : found->second;
}

// "order: 1+ 4-" is key 1, the smaller first, then key 4, the larger first.
void Checker::read_run_text() {
  const std::string text = read_bytes(folder_ / "run.txt");
  LevelRules* level = nullptr;
  const auto keys = [](std::string_view words) {
    std::vector<std::pair<std::size_t, bool>> order;
    for (const std::string_view word : split_at(words, ' ')) {
      if (word.size() == 2) order.emplace_back(static_cast<std::size_t>(word[0] - '0'), word[1] == '-');
    }
    return order;
  };
  for (const std::string_view line : split_at(text, '\n')) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view key = line.substr(0, colon), value = line.substr(std::min(colon + 2, line.size()));
    if (key == "level") level = &rules_[std::string(value)];
    if (level == nullptr) continue;
    if (key == "overflow") level->no_leapfrog = value == "no_leapfrog";
    if (key == "order") level->order = keys(value);
    if (key == "points_order") level->points_order = keys(value);
    if (key == "class_cap") level->class_cap = std::atoi(std::string(value).c_str());
  }
}

void Checker::read_children() {
  std::unordered_map<std::string_view, std::size_t> facts;
  for (std::size_t row = 0; row < children_.rows(); ++row) facts.emplace(children_.at(row, 0), row);
  for (std::size_t row = 0; row < outcomes_.rows(); ++row) {
    const auto at = [&](std::size_t column) { return outcomes_.at(row, column); };
    CheckChild c;
    c.code = at(0), c.level = at(1), c.stage = at(2), c.school = at(3), c.way = at(4), c.clause = at(5);
    c.reason = at(6), c.entered_by = at(7), c.zone_school = at(8), c.ticket = at(9), c.margin_by = at(10);
    c.tier = outcomes_.number(row, 11), c.x = outcomes_.number(row, 12), c.y = outcomes_.number(row, 13);
    c.school_class = outcomes_.number(row, 14);
    for (std::size_t k = 0; k < c.keys.size(); ++k) c.keys[k] = outcomes_.number(row, 15 + k);
    const auto found = facts.find(c.code);
    if (found == facts.end()) {
      report("answers", "outcomes.csv", c.code, "is no child of children.csv");
    } else {
      c.girl = children_.at(found->second, 2) == "female", c.bundle = children_.at(found->second, 3);
    }
    if (!child_index_.emplace(c.code, child_.size()).second)
      report("answers", "outcomes.csv", c.code, "has a second answer");
    child_.push_back(c);
  }
  for (CheckChild& c : child_) {
    const std::size_t first = c.bundle.empty() ? kNoRow : child_at(c.bundle);
    if (first != kNoRow) c.bundled = child_[first].bundled = true;
  }
  for (std::size_t row = 0; row < children_.rows(); ++row) {
    if (rules_.contains(children_.at(row, 1)) && child_at(children_.at(row, 0)) == kNoRow)
      report("answers", "outcomes.csv", children_.at(row, 0), "has no answer");
  }
}

void Checker::read_schools() {
  for (std::size_t row = 0; row < schools_.rows(); ++row) {
    CheckSchool s;
    s.id = schools_.at(row, 0), s.level = schools_.at(row, 1), s.is_private = schools_.at(row, 2) == "private";
    s.plan = schools_.number(row, 3);
    school_index_.emplace(s.id, school_.size()), school_.push_back(s);
  }
  for (std::size_t row = 0; row < sites_.rows(); ++row) {
    const std::size_t s = school_at(sites_.at(row, 0));
    if (s != kNoRow) school_[s].x = sites_.number(row, 1), school_[s].y = sites_.number(row, 2);
  }
}

void Checker::check_answers() {
  static const std::set<std::string_view> kSettled{"enrolled", "no_show", "dropout_ledger", "deferred", "withdrawn"};
  for (const CheckChild& c : child_) {
    if (c.clause.empty()) report("answers", "outcomes.csv", c.code, "has an answer without a clause");
    if (c.reason.empty()) report("answers", "outcomes.csv", c.code, "has an answer without a reason");
    if (c.school.empty() == !c.way.empty())
      report("answers", "outcomes.csv", c.code, "has a way in and no seat, or a seat and no way");
    if (!kSettled.contains(c.stage))
      report("guarantee", "outcomes.csv", c.code, "ends the season " + std::string(c.stage));
    const bool seated = c.stage == "enrolled" || c.stage == "no_show";
    if (seated && c.school.empty())
      report("guarantee", "outcomes.csv", c.code, "is " + std::string(c.stage) + " without a seat");
  }
}

// Admissions against plans, against the events as they were recounted, and against the answers.
void Checker::check_tables_of_seats() {
  std::vector<std::int64_t> admitted(school_.size()), extra(school_.size());
  std::vector<char> has(child_.size());
  for (std::size_t row = 0; row < admissions_.rows(); ++row) {
    const std::string_view code = admissions_.at(row, 0), school = admissions_.at(row, 1);
    const std::size_t c = child_at(code), s = school_at(school);
    if (c == kNoRow || s == kNoRow) {
      report("one_seat", "admissions.csv", code, "names a child or school that is not there");
      continue;
    }
    ++admitted[s];
    if (has[c]) report("one_seat", "admissions.csv", code, "has a second seat, at " + std::string(school));
    has[c] = 1;
    if (child_[c].school != school) report("one_seat", "admissions.csv", code, "has another seat than its answer says");
    if (seat_[c] != s) report("one_seat", "admissions.csv", code, "has another seat than the events gave it");
    if (admissions_.at(row, 3).empty()) report("answers", "admissions.csv", code, "has a seat without a clause");
  }
  for (std::size_t c = 0; c < child_.size(); ++c) {
    if (has[c] == 0 && (!child_[c].school.empty() || seat_[c] != kNoRow))
      report("one_seat", "admissions.csv", child_[c].code, "has a seat that is not among the admissions");
  }
  for (std::size_t row = 0; row < approvals_.rows(); ++row) {
    const std::size_t s = approvals_.at(row, 0) == "plan" ? school_at(approvals_.at(row, 1)) : kNoRow;
    if (s != kNoRow) extra[s] += approvals_.number(row, 4);
  }
  for (std::size_t s = 0; s < school_.size(); ++s) {
    if (admitted[s] > school_[s].plan + extra[s])
      report("plan", "admissions.csv", school_[s].id,
             std::to_string(admitted[s]) + " children for " + std::to_string(school_[s].plan) + " seats and " +
                 std::to_string(extra[s]) + " approved above them");
  }
}

void Checker::check_answer_times() {
  for (std::size_t row = 0; row < offers_.rows(); ++row) {
    const std::string_view by = offers_.at(row, 3), answer = offers_.at(row, 4), at = offers_.at(row, 5);
    if (answer == "confirmed" && (at.empty() || at > by))
      report("answered", "offers.csv", offers_.at(row, 0), "confirmed after " + std::string(by));
  }
}

void Checker::check_classes() {
  const CheckTable pupils(folder_, "class_pupils.csv", {"class_id", "child_id"});
  const CheckTable classes(folder_, "classes.csv", {"class_id", "school_id"});
  ClassSizes sizes;
  for (std::size_t row = 0; row < classes.rows(); ++row)
    sizes[classes.at(row, 0)] = {school_at(classes.at(row, 1)), {0, 0}};
  std::vector<char> dealt(child_.size());
  for (std::size_t row = 0; row < pupils.rows(); ++row) {
    const std::size_t c = child_at(pupils.at(row, 1));
    const auto found = sizes.find(pupils.at(row, 0));
    if (c == kNoRow || found == sizes.end()) {
      report("classes", "class_pupils.csv", pupils.at(row, 1), "names a child or class that is not there");
      continue;
    }
    if (dealt[c]) report("classes", "class_pupils.csv", child_[c].code, "is in a second class");
    dealt[c] = 1;
    if (school_at(child_[c].school) != found->second.first)
      report("classes", "class_pupils.csv", child_[c].code, "is in a class of another school than its seat's");
    ++found->second.second[child_[c].girl ? 1 : 0];
  }
  check_class_sizes(sizes);
  for (std::size_t c = 0; c < child_.size(); ++c) {
    if (!child_[c].school.empty() && dealt[c] == 0)
      report("classes", "class_pupils.csv", child_[c].code, "has a seat and no class");
  }
}

void Checker::check_class_sizes(const ClassSizes& sizes) {
  std::set<std::string_view> approved;
  for (std::size_t row = 0; row < approvals_.rows(); ++row) {
    if (approvals_.at(row, 0) == "class_cap") approved.insert(approvals_.at(row, 1));
  }
  std::map<std::size_t, std::array<std::array<std::int64_t, 2>, 3>> spread;  // of boys, girls, all: least and most
  for (const auto& [id, entry] : sizes) {
    const auto& [school, count] = entry;
    const std::array<std::int64_t, 3> values{count[0], count[1], count[0] + count[1]};
    const auto [at, fresh] = spread.try_emplace(school);
    for (std::size_t k = 0; k < 3; ++k) {
      auto& [least, most] = at->second[k];
      least = fresh ? values[k] : std::min(least, values[k]), most = fresh ? values[k] : std::max(most, values[k]);
    }
    const auto rules = school == kNoRow ? rules_.end() : rules_.find(school_[school].level);
    if (rules != rules_.end() && values[2] > rules->second.class_cap && !approved.contains(id))
      report("classes", "class_pupils.csv", id,
             std::to_string(values[2]) + " pupils, the cap is " + std::to_string(rules->second.class_cap));
  }
  for (const auto& [school, ranges] : spread) {
    constexpr std::array<const char*, 3> kWhat{"boys", "girls", "sizes"};
    for (std::size_t k = 0; k < 3 && school != kNoRow; ++k) {
      if (ranges[k][1] - ranges[k][0] > 1)
        report("classes", "class_pupils.csv", school_[school].id,
               std::string(kWhat[k]) + " differ by " + std::to_string(ranges[k][1] - ranges[k][0]));
    }
  }
}

SeasonCheck Checker::run() {
  out_.rules = {"answers",  "one_seat", "plan",      "guarantee", "tiers",   "draws", "line",
                "overflow", "answered", "approvals", "once",      "classes", "events"};
  read_run_text();
  read_children();
  read_schools();
  out_.children = static_cast<std::int64_t>(child_.size());
  check_answers();
  check_draws();
  check_events();
  check_tables_of_seats();
  check_order();
  check_answer_times();
  check_classes();
  return std::move(out_);
}

}  // namespace catchment::datasets::season_check

namespace catchment::datasets {

SeasonCheck check_season_run(const std::filesystem::path& out) { return season_check::Checker(out).run(); }

}  // namespace catchment::datasets
