// What `definite` is worth on real addresses: Tainan's geocoded ones against themselves as people typed them, and the
// schools and day-care centres of Berlin against the register of the city's addresses. Not a test: the data lie outside
// the repository. tests/real_addresses.sh unpacks and runs it.
// Usage: real_addresses_check TAINAN.csv BERLIN_ADDRESSES.csv BERLIN_AREAS.geojson BERLIN_SITES.geojson...
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "../../support/geojson_zones.hpp"
#include "datasets/importer/csv_reader.hpp"
#include "geo/gazetteer/gazetteer.hpp"
#include "geo/zone_index.hpp"
#include "noise.hpp"

namespace catchment::geo {
namespace {

using Row = std::map<std::string, std::string, std::less<>>;

std::vector<Row> read_csv(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  datasets::CsvReader reader(
      [&](char* buffer, std::size_t size) {
        file.read(buffer, static_cast<std::streamsize>(size));
        return static_cast<std::size_t>(file.gcount());
      },
      path);
  std::vector<std::string_view> fields;
  std::vector<std::string> header;
  std::vector<Row> rows;
  while (reader.next(fields)) {
    if (header.empty()) {
      header.assign(fields.begin(), fields.end());
      continue;
    }
    Row row;
    for (std::size_t i = 0; i < std::min(fields.size(), header.size()); ++i) row.emplace(header[i], fields[i]);
    rows.push_back(std::move(row));
  }
  return rows;
}

struct Tally {
  int texts = 0;
  int definite = 0;
  int wrong = 0;
  int at_odds = 0;  // register and site have the same text at different places; not counted as wrong
  std::array<int, 5> statuses{};
};
int failures = 0;

void count(Tally& tally, const Found& found) {
  ++tally.texts;
  ++tally.statuses[static_cast<std::size_t>(found.status)];
  tally.definite += found.status == FindStatus::definite;
}

void report(const char* name, const Tally& t) {
  const double precision = 100.0 * (t.definite - t.wrong) / std::max(1, t.definite);
  std::printf(
      "%-34s %6d texts, definite %5d = %6.2f%%, wrong %d, precision %7.3f%%, sources at odds %d; choose %d, "
      "interpolated %d, "
      "street_only %d, unknown %d\n",
      name, t.texts, t.definite, 100.0 * t.definite / std::max(1, t.texts), t.wrong, precision, t.at_odds,
      t.statuses[1], t.statuses[2], t.statuses[3], t.statuses[4]);
  failures += precision < 99.9;
}

bool show_all() { return std::getenv("CATCHMENT_SHOW") != nullptr; }

void show(const char* what, const std::string& text, const Found& found, const std::string& truth) {
  std::printf("  %s: %s -> %s (true: %s)\n", what, text.c_str(), std::string(to_word(found.status)).c_str(),
              truth.c_str());
  for (const Candidate& c : found.candidates) std::printf("      %s\n", c.text.c_str());
  std::printf("     ");
  for (const AddressToken& t : found.parsed.tokens) {
    std::printf(" %s:%s%s", std::string(to_word(t.part)).c_str(), t.text.c_str(), t.name == kNoName ? "" : "*");
  }
  std::printf("\n");
}

// Every number of the answer's path was typed, in that order.
bool digits_typed(const EntryPath& path, const std::string& typed) {
  std::vector<std::string> wanted;
  for (const DoorNumber& number : {path.lane, path.sublane, path.door}) {
    if (number.number != 0) wanted.push_back(std::to_string(number.number));
    if (number.sub != 0 && number.sub_form != SubForm::letter) wanted.push_back(std::to_string(number.sub));
  }
  const auto has = digit_runs(typed);
  auto at = has.begin();
  for (const std::string& run : wanted) {
    at = std::find(at, has.end(), run);
    if (at == has.end()) return false;
    ++at;
  }
  return true;
}

void check_tainan(const std::string& path) {
  const std::vector<Row> rows = read_csv(path);
  GazetteerBuilder builder(GazetteerOptions{true});  // 3號之1 and 3-1號 are one door in Taiwan
  std::map<std::string, std::string> districts;
  std::map<std::pair<std::string, std::string>, std::string> villages;
  for (const Row& row : rows) {
    districts.emplace(row.at("town"), "D" + std::to_string(districts.size()));
    villages.emplace(std::pair(row.at("town"), row.at("village")), "V" + std::to_string(villages.size()));
  }
  for (const auto& [name, id] : districts) {
    if (!name.empty()) builder.add(GazetteerPlace{id, AddressPart::district, name, "", {}, {}});
  }
  for (const auto& [name, id] : villages) {
    if (name.first.empty() || name.second.empty()) continue;
    builder.add(GazetteerPlace{id, AddressPart::community, name.second, districts.at(name.first), {}, {}});
  }
  std::set<std::string> added;
  for (const Row& row : rows) {
    const std::string& text = row.at("full_address");
    if (text.empty() || !added.insert(text).second) continue;
    GazetteerAddress address;
    address.id = address.text = text;
    if (!row.at("lon").empty()) {
      address.position = find_point({std::stod(row.at("lon")), std::stod(row.at("lat"))});
    }
    builder.add(address);
  }
  const Gazetteer names = Gazetteer::build(std::move(builder));
  Tally exact;
  Tally loose;
  for (const Row& row : rows) {
    const std::string& query = row.at("query");
    const std::string& truth = row.at("full_address");
    const bool sure = row.at("match_type") == "完全比對";
    const Found found = names.find(query);
    Tally& tally = sure ? exact : loose;
    count(tally, found);
    if (found.status != FindStatus::definite) {
      if (show_all()) show(sure ? "missed" : "left", query, found, truth);
      continue;
    }
    const Candidate& answer = found.candidates.at(0);
    const bool right =
        sure ? answer.entry != kNoEntry && names.entry(answer.entry).text == truth : digits_typed(answer.path, query);
    if (right) continue;
    ++tally.wrong;
    show("WRONG", query, found, truth);
  }
  report("Tainan, matched exactly", exact);
  report("Tainan, matched to another door", loose);
}

// A street's name as a plain program would compare it, apart from what is measured here.
std::string plain(std::string name) {
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (const std::string_view brief : {"str.", " str"}) {
    if (name.ends_with(brief)) name = name.substr(0, name.size() - 3 - (brief.back() == '.')) + "straße";
  }
  std::erase(name, ' ');
  return name;
}

struct Berlin {
  std::map<std::tuple<std::string, std::string, std::string>, std::string> areas_of;  // street, number, postcode
  std::optional<Gazetteer> names;
  std::optional<ZoneIndex> areas;
  std::vector<std::string> area_ids;
};

std::string text_of(const Row& row) {
  return row.at("str_name") + " " + row.at("hnr") + row.at("hnr_zusatz") + ", " + row.at("plz") + " " +
         row.at("ort_name");
}

Berlin build_berlin(const std::string& addresses, const std::string& areas) {
  GazetteerBuilder builder;
  const std::vector<Row> rows = read_csv(addresses);
  std::set<std::string> districts;
  for (const Row& row : rows) districts.insert(row.at("ort_name"));
  for (const std::string& name : districts) {
    builder.add(GazetteerPlace{name, AddressPart::district, name, "", {}, {}});
  }
  Berlin berlin;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    berlin.areas_of[{plain(rows[i].at("str_name")), plain(rows[i].at("hnr") + rows[i].at("hnr_zusatz")),
                     rows[i].at("plz")}] = rows[i].at("PLR_ID");
    GazetteerAddress address;
    address.id = std::to_string(i) + "/" + rows[i].at("PLR_ID");
    address.text = text_of(rows[i]);
    address.street = rows[i].at("str_name");
    address.door = rows[i].at("hnr") + rows[i].at("hnr_zusatz");
    builder.add(address);
  }
  std::ifstream file(areas);
  const auto document = nlohmann::json::parse(file);
  for (const auto& feature : document.at("features")) {
    berlin.area_ids.push_back(feature.at("properties").at("PLR_ID"));
  }
  berlin.names = Gazetteer::build(std::move(builder));
  berlin.areas = ZoneIndex::build(test::read_geojson_zones(areas));
  return berlin;
}

// The planning area of the answer must be the one the site's own place lies in.
void check_sites(const Berlin& berlin, const std::string& path, bool with_postcode) {
  std::ifstream file(path);
  const auto document = nlohmann::json::parse(file);
  Tally tally;
  for (const auto& feature : document.at("features")) {
    const auto& properties = feature.at("properties");
    const auto value = [&](const char* a, const char* b) {
      const auto& found = properties.contains(a) ? properties.at(a) : properties.at(b);
      return found.is_string() ? found.get<std::string>() : std::string();
    };
    std::string text = value("strasse", "e_strasse") + " " + value("hausnr", "e_hnr");
    if (with_postcode) text += ", " + value("plz", "e_plz");
    const auto& xy = feature.at("geometry").at("coordinates");
    const auto place = find_point({xy.at(0).get<double>(), xy.at(1).get<double>()});
    const auto zones = berlin.areas->zones_of(berlin.areas->face_at(*place).face());
    const std::string truth = zones.empty() ? "" : berlin.area_ids[zones.front()];
    const Found found = berlin.names->find(text);
    count(tally, found);
    if (found.status != FindStatus::definite) {
      if (show_all()) show("missed", text, found, truth);
      continue;
    }
    const Candidate& answer = found.candidates.at(0);
    const std::string id = answer.entry == kNoEntry ? "" : std::string(berlin.names->entry(answer.entry).id);
    if (id.ends_with("/" + truth)) continue;
    const auto known = berlin.areas_of.find(
        {plain(value("strasse", "e_strasse")), plain(value("hausnr", "e_hnr")), value("plz", "e_plz")});
    if (known != berlin.areas_of.end() && id.ends_with("/" + known->second)) {
      ++tally.at_odds;
      continue;
    }
    ++tally.wrong;
    show("WRONG", text, found, truth + ", answered " + id);
  }
  const std::string name = path.substr(path.rfind('/') + 1, 14) + (with_postcode ? ", with postcode" : ", without");
  report(name.c_str(), tally);
}

}  // namespace
}  // namespace catchment::geo

int main(int count, char** arguments) {
  using namespace catchment::geo;
  if (count < 5) {
    std::fprintf(stderr, "usage: %s TAINAN.csv BERLIN_ADDRESSES.csv BERLIN_AREAS.geojson BERLIN_SITES.geojson...\n",
                 arguments[0]);
    return 64;
  }
  check_tainan(arguments[1]);
  const Berlin berlin = build_berlin(arguments[2], arguments[3]);
  for (int i = 4; i < count; ++i) {
    check_sites(berlin, arguments[i], true);
    check_sites(berlin, arguments[i], false);
  }
  return failures == 0 ? 0 : 1;
}
