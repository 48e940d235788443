// `catchment demand seats`: the seat ledger, from the rooms there are to the seats children may have.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "server/cli/demand/demand.hpp"
#include "server/cli/demand/demand_city.hpp"
#include "server/cli/quote.hpp"
#include "server/cli/row_output.hpp"

namespace catchment::cli {
namespace {

using namespace engine::demand;
using nlohmann::ordered_json;

struct DemandSeatsArguments : DemandOptions {
  std::string out;
  std::string by = "unit";
};

ordered_json to_json(const SeatRow& r) {
  return {{"admission_unit", r.admission_unit_id},
          {"school", r.school_id},
          {"stage", engine::to_word(r.stage)},
          {"school_year", r.school_year},
          {"grade", r.grade},
          {"entry", r.entry},
          {"rooms", r.rooms},
          {"spare_rooms", r.spare_rooms},
          {"classes", r.classes},
          {"classes_wanted", r.classes_wanted},
          {"planned", r.planned},
          {"class_cap", r.class_cap},
          {"cap_excepted", r.cap_excepted},
          {"seats", r.seats},
          {"sitting", r.sitting},
          {"reserved",
           {{"direct_promotion", r.reserved.direct_promotion},
            {"attached_estate", r.reserved.attached_estate},
            {"policy_group", r.reserved.policy_group},
            {"in_demand", r.reserved_in_demand}}},
          {"sold", r.sold},
          {"buffer", r.buffer},
          {"purchased", r.purchased},
          {"free", r.free},
          {"over", r.over},
          {"expected", r.expected},
          {"class_size", r.class_size},
          {"oversized", r.oversized},
          {"severe", r.severe},
          {"over_cap", r.over_cap}};
}

std::string seats_csv(const std::vector<SeatRow>& rows, const DemandCity& city) {
  std::string out =
      "admission_unit,school,name,stage,school_year,grade,entry,rooms,spare_rooms,classes,classes_wanted,planned,"
      "class_cap,cap_excepted,seats,sitting,reserved_promotion,reserved_estate,reserved_policy,reserved_in_demand,sold,"
      "buffer,purchased,free,over,expected,class_size,oversized,severe,over_cap\n";
  const auto flag = [](bool set) { return set ? ",yes" : ",no"; };
  for (const SeatRow& r : rows) {
    append_csv(out, r.admission_unit_id);
    out += ",";
    append_csv(out, r.school_id);
    out += ",";
    append_csv(out, city.name_of(r.school_id));
    out.append(",").append(engine::to_word(r.stage));
    out += "," + std::to_string(r.school_year) + "," + std::to_string(r.grade) + flag(r.entry);
    for (const int n : {r.rooms, r.spare_rooms, r.classes, r.classes_wanted}) out += "," + std::to_string(n);
    out += flag(r.planned) + ("," + std::to_string(r.class_cap)) + flag(r.cap_excepted);
    for (const int n :
         {r.seats, r.sitting, r.reserved.direct_promotion, r.reserved.attached_estate, r.reserved.policy_group,
          r.reserved_in_demand, r.sold, r.buffer, r.purchased, r.free, r.over, r.expected}) {
      out += "," + std::to_string(n);
    }
    out += "," + fixed(r.class_size, 1);
    for (const int n : {r.oversized, r.severe, r.over_cap}) out += "," + std::to_string(n);
    out += "\n";
  }
  return out;
}

std::string campus_csv(const SeatBook& book, const DemandCity& city) {
  std::string out = "campus,school,name,school_year,rooms,rooms_known,rooms_used\n";
  for (const CampusYear& c : book.ledger.campuses) {
    append_csv(out, c.campus_id);
    out += ",";
    append_csv(out, c.school_id);
    out += ",";
    append_csv(out, city.name_of(c.school_id));
    out += "," + std::to_string(c.school_year) + "," + std::to_string(c.rooms) + (c.known ? ",yes," : ",no,") +
           std::to_string(c.used) + "\n";
  }
  return out;
}

ordered_json rows_json(const std::vector<SeatRow>& rows) {
  ordered_json list = ordered_json::array();
  for (const SeatRow& row : rows) list.push_back(to_json(row));
  return list;
}

ordered_json to_json(const SeatBook& book, const Forecast& forecast) {
  ordered_json campuses = ordered_json::array(), notes = ordered_json::array(), city_wide = ordered_json::array();
  for (const CampusYear& c : book.ledger.campuses) {
    campuses.push_back({{"campus", c.campus_id},
                        {"school", c.school_id},
                        {"school_year", c.school_year},
                        {"rooms", c.rooms},
                        {"rooms_known", c.known},
                        {"rooms_used", c.used}});
  }
  for (const SeatNote& n : book.ledger.notes) {
    notes.push_back({{"kind", to_word(n.kind)},
                     {"where", n.where},
                     {"school_year", n.school_year},
                     {"grade", n.grade},
                     {"message", n.message}});
  }
  for (const auto& w : book.city.city_wide) {
    city_wide.push_back({{"school", w.school_id}, {"school_year", w.school_year}, {"seats", w.seats}});
  }
  return {{"base_year", forecast.base_year},
          {"horizon", forecast.horizon},
          {"units", rows_json(book.ledger.rows)},
          {"schools", rows_json(school_rows(book.ledger.rows))},
          {"campuses", campuses},
          {"purchased_for_the_city", city_wide},
          {"split_schools", book.city.split_schools},
          {"notes", notes}};
}

struct Sum {
  long rooms = 0, classes = 0, seats = 0, sitting = 0, expected = 0, free = 0, over = 0, large = 0;
};

void print(const SeatBook& book) {
  std::map<std::pair<engine::Stage, int>, Sum> sums;
  for (const SeatRow& r : book.ledger.rows) {
    Sum& sum = sums[{r.stage, r.school_year}];
    sum.rooms += r.rooms, sum.classes += r.classes, sum.sitting += r.sitting, sum.large += r.oversized + r.severe;
    if (!r.entry) continue;
    sum.seats += seats_for_demand(r), sum.expected += r.expected, sum.free += r.free, sum.over += r.over;
  }
  std::cout << "stage    year   rooms classes  sitting  entry seats  expected  classes of 56 and more\n";
  for (const auto& [key, s] : sums) {
    char line[160];
    std::snprintf(line, sizeof line, "%-8s %4d %7ld %7ld %8ld %12ld %9ld %10ld\n",
                  std::string(engine::to_word(key.first)).c_str(), key.second, s.rooms, s.classes, s.sitting, s.seats,
                  s.expected, s.large);
    std::cout << line;
  }
  std::map<std::string_view, std::size_t> kinds;
  for (const SeatNote& note : book.ledger.notes) ++kinds[to_word(note.kind)];
  for (const auto& [kind, count] : kinds) std::cout << count << " notes of kind " << kind << "\n";
  long wide = 0;
  for (const auto& w : book.city.city_wide) wide += w.seats;
  if (wide > 0) std::cout << wide << " seats purchased for the whole city stand in no unit's line\n";
  for (const std::string& school : book.city.split_schools) {
    std::cout << printable(school) << ": pupils split evenly between its admission units\n";
  }
}

int run(const DemandSeatsArguments& options, const Invocation& invocation) {
  const DemandCity city = read_demand_city(options);
  ProgressBar bar("%");
  const auto model = fit_city(city, options, bar);
  if (model == nullptr) return kCancelled;
  const auto forecaster = forecast_city(*model, options, bar);
  if (forecaster == nullptr) return kCancelled;
  const auto book = make_seat_book(city, forecaster->forecast());
  if (cancelled()) return kCancelled;
  if (!options.out.empty()) {
    RowOutput out(options.out == "-" ? "" : options.out);
    if (options.by == "campus") {
      out.write(campus_csv(*book, city));
    } else {
      out.write(seats_csv(options.by == "school" ? school_rows(book->ledger.rows) : book->ledger.rows, city));
    }
    out.finish();
  }
  if (invocation.wants_json()) {
    write_output(invocation.json_path,
                 to_json(*book, forecaster->forecast()).dump(2, ' ', false, ordered_json::error_handler_t::replace));
  }
  if (invocation.json_path != "-" && options.out != "-") print(*book);
  return kDone;
}

}  // namespace

void register_demand_seats(CLI::App& demand, Invocation& invocation) {
  auto options = std::make_shared<DemandSeatsArguments>();
  CLI::App* command = demand.add_subcommand(
      "seats", "The seat ledger: rooms, classes, seats and whom they are for, by admission unit, grade and year");
  add_city_options(*command, *options);
  add_forecast_options(*command, *options);
  command->add_option("--out", options->out, "Write the ledger as CSV to FILE, - for stdout");
  command->add_option("--by", options->by, "Lines of the CSV: unit (admission unit), school or campus")
      ->check(CLI::IsMember({"unit", "school", "campus"}))
      ->capture_default_str();
  add_json_option(*command, invocation);
  command->callback(
      [options, &invocation] { invocation.run = [options, &invocation] { return run(*options, invocation); }; });
}

}  // namespace catchment::cli
