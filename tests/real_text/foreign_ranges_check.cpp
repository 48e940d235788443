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

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

using Sides = std::multiset<std::string>;  // "odd 1-25a": one side of one street

std::string side(bool odd, const std::string& from, const std::string& to) {
  return (odd ? "odd " : "even ") + from + "-" + to;
}

// The table writes 0-0 where a row has no doors of a side.
void add_table_side(Sides& out, bool odd, const Fields& row, std::size_t first) {
  if (row[first] == "0" && row[first + 2] == "0") return;
  out.insert(side(odd, row[first] + lower(row[first + 1]), row[first + 2] + lower(row[first + 3])));
}

// One number without a word for its side (94) lies on the side that it is of, as the table has it.
void add_read_sides(Sides& out, const GermanRanges& ranges) {
  for (const NumberRange& r : ranges.ranges) {
    const std::string from = r.from ? lower(geo::to_text(*r.from)) : "", to = r.to ? lower(geo::to_text(*r.to)) : "";
    const bool one = r.from && r.to && r.from->number == r.to->number;
    if (r.parity == Parity::all && !one)
      out.insert("both " + from + "-" + to);
    else
      out.insert(side(r.parity == Parity::odd || (r.parity == Parity::all && r.from->number % 2 != 0), from, to));
  }
}

std::string joined(const Sides& sides) {
  std::string out;
  for (const std::string& s : sides) out += (out.empty() ? "" : ", ") + s;
  return out.empty() ? "nothing" : out;
}

// One street in one zone, over all rows of either file.
struct StreetInZone {
  std::size_t rows = 0, texts = 0, with_ranges = 0;
  std::string text;
  Sides table, read;
  bool whole = false;
};

bool check_potsdam(const std::filesystem::path& folder) {
  std::map<std::pair<std::string, std::string>, StreetInZone> streets;
  const std::vector<Fields> rows = read_csv(folder / "address_ranges_2016.csv");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const Fields& f = rows[i];
    StreetInZone& street = streets[{f[1], f[0]}];
    ++street.rows;
    add_table_side(street.table, true, f, 2);
    add_table_side(street.table, false, f, 6);
  }
  std::size_t texts = 0, unread = 0;
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
    StreetInZone& street = streets[{f[0], f[2]}];
    ++street.texts;
    if (!ranges->ranges.empty()) ++street.with_ranges;
    if (ranges->ranges.empty()) street.whole = true;
    street.text += (street.text.empty() ? "" : " | ") + f[1];
    add_read_sides(street.read, *ranges);
  }
  // Texts by what became of them.
  std::size_t same = 0, whole = 0, alone = 0, other = 0, missing = 0;
  for (const auto& [key, street] : streets) {
    if (street.texts == 0) {
      missing += street.rows;
    } else if (street.rows == 0) {
      alone += street.texts;
      std::cout << "  not in the table: " << key.first << ", zone " << key.second << ": " << street.text << "\n";
    } else if (street.whole && street.read.empty()) {
      whole += street.texts;
    } else if (street.read == street.table && !street.whole) {
      same += street.with_ranges;
    } else {
      other += street.texts;
      std::cout << "  other than the table: " << key.first << ", zone " << key.second << ": " << street.text
                << "; read " << joined(street.read) << "; the table " << joined(street.table) << "\n";
    }
  }
  std::cout << "Potsdam: " << texts << " texts, unread " << unread << "; with ranges: " << same
            << " equal the table's rows, " << other << " other than the table, " << alone
            << " of streets the table lacks; whole streets (gesamt, ohne HNr.) " << whole
            << "; table rows without a text " << missing << "\n";
  return unread == 0 && other == 0 && alone == 0 && missing == 0;
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
