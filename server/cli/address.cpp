// `catchment address parse|find|reverse`: what an address text says, which addresses it may mean, what stands at a
// place. One text on the command line, or one per line of standard input.
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/city_names.hpp"
#include "geo/input_error.hpp"
#include "server/cli/cli.hpp"
#include "server/cli/place.hpp"
#include "server/cli/quote.hpp"

namespace catchment::cli {
namespace {

using nlohmann::ordered_json;

struct AddressArguments {
  std::string package;
  std::string snapshot;
  std::string text;  // empty or "-": standard input
  std::size_t limit = geo::FindOptions{}.limit;
  bool exact = false;
  double radius_m = 200;
};

// --- parse --------------------------------------------------------------------------------------------------------

ordered_json to_json(const geo::AddressToken& token) {
  ordered_json out{
      {"part", geo::to_word(token.part)}, {"text", token.text}, {"begin", token.span.begin}, {"end", token.span.end}};
  if (token.number.number != 0) out["number"] = geo::to_text(token.number);
  return out;
}

ordered_json to_json(const geo::ParsedAddress& parsed) {
  ordered_json tokens = ordered_json::array();
  for (const geo::AddressToken& token : parsed.tokens) tokens.push_back(to_json(token));
  return {{"text", parsed.original}, {"tokens", tokens}};
}

void print(std::ostream& out, const geo::ParsedAddress& parsed) {
  out << printable(parsed.original) << "\n";
  for (const geo::AddressToken& token : parsed.tokens) {
    if (token.part == geo::AddressPart::filler) continue;
    std::string part(geo::to_word(token.part));
    part.resize(std::max<std::size_t>(part.size(), 12), ' ');
    const std::string typed =
        printable(std::string_view(parsed.original).substr(token.span.begin, token.span.end - token.span.begin));
    out << "  " << part << " " << typed;
    if (token.text != typed) out << "  (" << printable(token.text) << ")";
    out << "\n";
  }
}

// --- find ---------------------------------------------------------------------------------------------------------

ordered_json to_json(const std::optional<geo::Point>& position) {
  if (!position) return nullptr;
  const geo::Degrees d = geo::to_degrees(*position);
  return {{"lon", d.lon}, {"lat", d.lat}};
}

ordered_json to_json(const geo::Candidate& candidate, const geo::Gazetteer& names) {
  ordered_json out{{"level", geo::to_word(candidate.level)}, {"text", candidate.text}};
  if (candidate.entry != geo::kNoEntry) out["id"] = names.entry(candidate.entry).id;
  if (candidate.name != geo::kNoName) out["name"] = names.thing(candidate.name).name;
  out["position"] = to_json(candidate.position);
  out["error_m"] = candidate.error_m;
  out["confidence"] = candidate.confidence;
  ordered_json& reasons = out["reasons"] = ordered_json::array();
  for (const geo::Reason& reason : candidate.reasons) {
    reasons.push_back({{"evidence", geo::to_word(reason.evidence)},
                       {"begin", reason.span.begin},
                       {"end", reason.span.end},
                       {"with", reason.with}});
  }
  return out;
}

ordered_json to_json(const geo::Found& found, const geo::Gazetteer& names) {
  ordered_json candidates = ordered_json::array();
  for (const geo::Candidate& candidate : found.candidates) candidates.push_back(to_json(candidate, names));
  return {{"text", found.parsed.original}, {"status", geo::to_word(found.status)}, {"candidates", candidates}};
}

std::string degrees_text(geo::Point p) {
  const geo::Degrees d = geo::to_degrees(p);
  char text[64];
  std::snprintf(text, sizeof text, "%.6f,%.6f", d.lon, d.lat);
  return text;
}

void print(std::ostream& out, const geo::Found& found, const geo::Gazetteer& names) {
  out << printable(found.parsed.original) << ": " << geo::to_word(found.status) << "\n";
  std::size_t number = 0;
  for (const geo::Candidate& candidate : found.candidates) {
    out << "  " << (found.candidates.size() > 1 ? std::to_string(++number) + ". " : "") << printable(candidate.text);
    if (candidate.entry != geo::kNoEntry) out << "  [" << printable(names.entry(candidate.entry).id) << "]";
    out << "  " << geo::to_word(candidate.level);
    if (candidate.position) out << "  " << degrees_text(*candidate.position);
    if (candidate.error_m > 0) out << " ± " << std::to_string(static_cast<long>(candidate.error_m + 0.5)) << " m";
    out << "\n";
    for (const geo::Reason& reason : candidate.reasons) {
      const std::string typed = found.parsed.original.substr(reason.span.begin, reason.span.end - reason.span.begin);
      out << "     " << geo::to_word(reason.evidence);
      if (!typed.empty()) out << "  " << printable(typed);
      if (!reason.with.empty() && reason.with != typed) out << " -> " << printable(reason.with);
      out << "\n";
    }
  }
}

// --- reverse ------------------------------------------------------------------------------------------------------

ordered_json reverse(const std::string& text, const geo::Gazetteer& names, double radius_m) {
  const geo::Point place = parse_place(text);
  ordered_json out{{"place", text}, {"address", nullptr}};
  const auto nearest = names.nearest(place, radius_m);
  if (!nearest) return out;
  const geo::Entry entry = names.entry(*nearest);
  out["address"] = {{"id", entry.id},
                    {"text", entry.text},
                    {"position", to_json(entry.position)},
                    {"distance_m", geo::flat_distance_m(place, *entry.position)}};
  return out;
}

void print_reverse(std::ostream& out, const ordered_json& answer, double radius_m) {
  const ordered_json& address = answer["address"];
  out << printable(answer["place"].get<std::string>()) << ": ";
  if (address.is_null()) {
    out << "no address within " << radius_m << " m\n";
    return;
  }
  char metres[32];
  std::snprintf(metres, sizeof metres, "%.1f", address["distance_m"].get<double>());
  out << printable(address["text"].get<std::string>()) << "  [" << printable(address["id"].get<std::string>()) << "]  "
      << metres << " m away\n";
}

// --- one text or many ---------------------------------------------------------------------------------------------

// Calls answer(text) for the argument, or for each line of standard input that is not blank. JSON is one object for
// an argument and an array for lines.
int for_each_text(const AddressArguments& options, const Invocation& invocation,
                  const std::function<ordered_json(const std::string&, bool print)>& answer) {
  const bool print = invocation.json_path != "-";
  ordered_json result;
  if (!options.text.empty() && options.text != "-") {
    result = answer(options.text, print);
  } else {
    result = ordered_json::array();
    std::string line;
    while (std::getline(std::cin, line)) {
      if (cancelled()) return kCancelled;
      if (line.ends_with('\r')) line.pop_back();
      if (line.find_first_not_of(" \t") == std::string::npos) continue;
      ordered_json one = answer(line, print);
      if (invocation.wants_json()) result.push_back(std::move(one));
    }
  }
  if (invocation.wants_json()) {
    write_output(invocation.json_path, result.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  return kDone;
}

int run_parse(const AddressArguments& options, const Invocation& invocation) {
  std::unique_ptr<geo::Gazetteer> names;
  if (!options.package.empty()) {
    names = std::make_unique<geo::Gazetteer>(
        datasets::open_names(options.snapshot, datasets::CityPackage::open(options.package)));
  }
  return for_each_text(options, invocation, [&](const std::string& text, bool human) {
    const geo::ParsedAddress parsed = geo::parse_address(text, names.get());
    if (human) print(std::cout, parsed);
    return to_json(parsed);
  });
}

int run_find(const AddressArguments& options, const Invocation& invocation) {
  const geo::Gazetteer names = datasets::open_names(options.snapshot, datasets::CityPackage::open(options.package));
  const geo::FindOptions how{options.limit, !options.exact};
  return for_each_text(options, invocation, [&](const std::string& text, bool human) {
    const geo::Found found = names.find(text, how);
    if (human) print(std::cout, found, names);
    return to_json(found, names);
  });
}

int run_reverse(const AddressArguments& options, const Invocation& invocation) {
  const geo::Gazetteer names = datasets::open_names(options.snapshot, datasets::CityPackage::open(options.package));
  return for_each_text(options, invocation, [&](const std::string& text, bool human) {
    ordered_json answer = reverse(text, names, options.radius_m);
    if (human) print_reverse(std::cout, answer, options.radius_m);
    return answer;
  });
}

CLI::App* add(CLI::App& app, const std::string& name, const std::string& description,
              const std::shared_ptr<AddressArguments>& options, Invocation& invocation,
              int (*run)(const AddressArguments&, const Invocation&)) {
  CLI::App* command = app.add_subcommand(name, description);
  add_json_option(*command, invocation);
  command->callback([options, &invocation, run] {
    invocation.run = [options, &invocation, run] { return run(*options, invocation); };
  });
  return command;
}

}  // namespace

void register_address(CLI::App& app, Invocation& invocation) {
  CLI::App* address = app.add_subcommand("address", "Read, find and reverse addresses; texts from standard input too");
  address->require_subcommand(1);

  auto options = std::make_shared<AddressArguments>();
  CLI::App* parse = add(*address, "parse", "What the words of an address are, by suffixes or by a city's own names",
                        options, invocation, run_parse);
  parse->add_option("text", options->text, "The address; - or nothing: one per line of standard input");
  parse->add_option("--package", options->package, "City package (GeoPackage) whose names to know");
  parse->add_option("--snapshot", options->snapshot, "Take the names from this snapshot of the package");

  options = std::make_shared<AddressArguments>();
  CLI::App* find =
      add(*address, "find", "The addresses of a city that a text means or may mean", options, invocation, run_find);
  find->add_option("package", options->package, "City package (GeoPackage)")->required();
  find->add_option("text", options->text, "The address; - or nothing: one per line of standard input");
  find->add_option("--snapshot", options->snapshot, "Take the names from this snapshot of the package");
  find->add_option("--limit", options->limit, "At most so many candidates")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  find->add_flag("--exact", options->exact, "No typing errors, homophones or look-alikes");

  options = std::make_shared<AddressArguments>();
  CLI::App* reverse = add(*address, "reverse", "The nearest address to a place", options, invocation, run_reverse);
  reverse->add_option("package", options->package, "City package (GeoPackage)")->required();
  reverse->add_option("place", options->text, "LON,LAT in degrees; - or nothing: one per line of standard input");
  reverse->add_option("--snapshot", options->snapshot, "Take the names from this snapshot of the package");
  reverse->add_option("--radius", options->radius_m, "Metres; nothing further away is named")
      ->check(CLI::Range(0.0, 100'000.0))
      ->capture_default_str();
}

}  // namespace catchment::cli
