// Potsdam's 1,302 street ranges as text against the city's own table of the same ranges, and the Czech ordinances line
// by line. foreign_ranges_check DIRECTORY: the folder street_range_rules. Exit code: 0 if all agree, 1 otherwise, 77
// absent.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "datasets/importer/csv_reader.hpp"
#include "engine/zone_text/foreign_ranges.hpp"

namespace catchment {
namespace {

using namespace engine::zone_text;
using Fields = std::vector<std::string>;

std::vector<Fields> read_csv(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  datasets::CsvReader reader(
      [&in](char* buffer, std::size_t size) {
        in.read(buffer, static_cast<std::streamsize>(size));
        return static_cast<std::size_t>(in.gcount());
      },
      file.string());
  std::vector<Fields> rows;
  std::vector<std::string_view> fields;
  while (reader.next(fields)) rows.emplace_back(fields.begin(), fields.end());
  return rows;
}

// "odd 1-25": one side of one street.
std::string side(const char* parity, const std::string& from, const std::string& to) {
  return from.empty() && to.empty() ? "" : std::string(parity) + " " + from + "-" + to;
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::set<std::string> sides_of(const GermanRanges& ranges) {
  std::set<std::string> out;
  for (const NumberRange& r : ranges.ranges) {
    const std::string from = r.from ? lower(geo::to_text(*r.from)) : "", to = r.to ? lower(geo::to_text(*r.to)) : "";
    out.insert(side(r.parity == Parity::odd ? "odd" : r.parity == Parity::even ? "even" : "all", from, to));
  }
  return out;
}

bool check_potsdam(const std::filesystem::path& folder) {
  // The table by street and zone: several rows may have one.
  std::map<std::pair<std::string, std::string>, std::vector<std::set<std::string>>> table;
  const std::vector<Fields> rows = read_csv(folder / "address_ranges_2016.csv");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const Fields& f = rows[i];
    std::set<std::string> sides{side("odd", f[2] + lower(f[3]), f[4] + lower(f[5])),
                                side("even", f[6] + lower(f[7]), f[8] + lower(f[9]))};
    sides.erase("");
    table[{f[1], f[0]}].push_back(std::move(sides));
  }
  std::size_t read = 0, whole = 0, agree = 0, other = 0, alone = 0, unread = 0, texts = 0;
  const std::vector<Fields> lines = read_csv(folder / "address_ranges_text_2016.csv");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const Fields& f = lines[i];
    if (f[1] == "Adressbereich") continue;  // a second header
    ++texts;
    const auto ranges = read_german_ranges(f[1]);
    if (!ranges) {
      ++unread;
      std::cout << "  unread: " << f[0] << " " << f[1] << "\n";
      continue;
    }
    ++read;
    if (ranges->ranges.empty()) {
      ++whole;
      continue;
    }
    const auto at = table.find({f[0], f[2]});
    if (at == table.end()) {
      ++alone;
    } else if (std::ranges::find(at->second, sides_of(*ranges)) != at->second.end()) {
      ++agree;
    } else if (++other <= 10) {
      std::cout << "  other than the table: " << f[0] << " " << f[1] << "\n";
    }
  }
  std::cout << "Potsdam: " << texts << " texts, read " << read << ", unread " << unread << "; with ranges: " << agree
            << " as the table has them, " << other << " otherwise, " << alone
            << " of streets the table writes otherwise or lacks; without ranges (gesamt, ohne HNr.) " << whole << "\n";
  return unread == 0;
}

bool check_czech(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::size_t lines = 0, read = 0, streets = 0;
  while (std::getline(in, line)) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.empty() || line[0] == '#' || line[0] == '!') continue;
    ++lines;
    const auto found = read_czech_line(line);
    if (found.empty()) {
      std::cout << "  unread: " << line << "\n";
      continue;
    }
    ++read;
    streets += found.size();
  }
  std::cout << file.filename().string() << ": " << lines << " lines, read " << read << ", streets " << streets << "\n";
  return lines == read;
}

}  // namespace
}  // namespace catchment

int main(int argc, char** argv) {
  using namespace catchment;
  const std::filesystem::path folder = argc > 1 ? argv[1] : "";
  if (!std::filesystem::exists(folder / "potsdam") || !std::filesystem::exists(folder / "czech")) {
    std::cout << "absent " << folder << "\n";
    return 77;
  }
  bool good = check_potsdam(folder / "potsdam");
  for (const char* name : {"vyhlaska_ceska_lipa.txt", "vyhlaska_praha23.txt"}) {
    good = check_czech(folder / "czech" / name) && good;
  }
  return good ? 0 : 1;
}
