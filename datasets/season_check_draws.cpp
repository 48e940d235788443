// draw/1 and classes/1 recomputed from their files: hashes, seed, tickets, order, seats.
#include <algorithm>
#include <set>

#include "datasets/season_check_parts.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets::season_check {
namespace {

std::map<std::string, std::string> keys_of(std::string_view text) {
  std::map<std::string, std::string> keys;
  for (const std::string_view line : split_at(text, '\n')) {
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos) keys.emplace(line.substr(0, colon), line.substr(colon + 2));
  }
  return keys;
}

std::vector<std::vector<std::string_view>> lines_of(std::string_view text) {
  std::vector<std::vector<std::string_view>> lines;
  for (const std::string_view line : split_at(text, '\n')) {
    if (!line.empty()) lines.push_back(split_at(line, '\t'));
  }
  return lines;
}

}  // namespace

void Checker::check_draws() {
  const CheckTable classes(folder_, "classes.csv", {"class_id", "head_teacher", "pupil_draw_id", "teacher_draw_id"});
  for (std::size_t row = 0; row < classes.rows(); ++row) {
    if (!classes.at(row, 3).empty())
      led_[std::string(classes.at(row, 3))].push_back(
          {std::string(classes.at(row, 0)), std::string(classes.at(row, 1)), std::string(classes.at(row, 2))});
  }
  const CheckTable draws(folder_, "draws.csv", {"draw_id", "kind", "school_id"});
  for (std::size_t row = 0; row < draws.rows(); ++row) {
    const std::string id(draws.at(row, 0));
    const std::filesystem::path at = folder_ / "draws" / id;
    if (!std::filesystem::exists(at / "manifest.txt")) {
      report("draws", "draws.csv", id, "its files are not there");
      continue;
    }
    ++out_.draws;
    check_draw_folder(at, id);
  }
  for (const CheckChild& c : child_) {
    const auto lot = lots_.find(c.code);
    if (!c.ticket.empty() && (lot == lots_.end() || lot->second != c.ticket))
      report("draws", "outcomes.csv", c.code, "has another ticket than the lots gave it");
  }
}

void Checker::check_draw_folder(const std::filesystem::path& at, const std::string& id) {
  const std::string manifest = read_bytes(at / "manifest.txt"), ceremony = read_bytes(at / "ceremony.txt");
  const std::string result = read_bytes(at / "result.tsv");
  const auto keys = keys_of(manifest);
  const auto key = [&](const char* name) { return keys.contains(name) ? keys.at(name) : std::string(); };
  const bool sm3 = key("suite") == "sm3", classes = key("format") == "classes/1", heads = key("format") == "heads/1";
  const char* of = classes ? "pupils" : heads ? "heads" : "roll";
  const std::string list = read_bytes(at / (std::string(of) + ".tsv"));
  if (key("draw") != id) report("draws", "draws/" + id + "/manifest.txt", id, "is the manifest of " + key("draw"));
  if (hex_of(hash_of(sm3, list)) != key(of))
    report("draws", "draws/" + id, id, "the list is not the one the manifest names");
  const Bytes32 m = hash_of(sm3, manifest), c = hash_of(sm3, ceremony);
  std::string bytes = key("format") + " seed\n";
  bytes.append(m.begin(), m.end()).append(c.begin(), c.end());
  const Bytes32 seed = hash_of(sm3, bytes);
  if (heads)
    check_head_draw(id, keys, list, result, seed);
  else if (classes)
    check_class_draw(id, keys, list, result, seed);
  else
    check_seat_draw(id, keys, list, result, seed);
}

void Checker::check_seat_draw(const std::string& id, const std::map<std::string, std::string>& manifest,
                              const std::string& roll, const std::string& result, const Bytes32& seed) {
  const bool sm3 = manifest.at("suite") == "sm3";
  const std::string file = "draws/" + id + "/result.tsv";
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> units;  // ticket and unit to codes
  std::map<std::string, Bytes32> tickets;
  for (const auto& line : lines_of(roll)) {
    if (line.size() < 2) continue;
    const std::string unit(line[1]);
    if (!tickets.contains(unit)) tickets[unit] = keyed_hash(sm3, seed, "draw/1 ticket\n" + id + "\n" + unit + "\n");
    units[{hex_of(tickets[unit]), unit}].emplace_back(line[0]);
  }
  std::int64_t left = std::atoi(manifest.at("seats").c_str());
  const bool over = manifest.at("bundle") == "over";
  const auto lines = lines_of(result);
  std::size_t at = 0;
  DrawnLine drawn;
  std::int64_t rank = 0;
  for (auto& [key, codes] : units) {
    ++rank;
    std::ranges::sort(codes);
    const bool admit = static_cast<std::int64_t>(codes.size()) <= left || (over && left > 0);
    if (admit) left -= static_cast<std::int64_t>(codes.size());
    std::vector<std::size_t> members;
    for (const std::string& code : codes) {
      const std::size_t child = child_at(code);
      if (child == kNoRow) report("draws", file, code, "is on the roll and no child");
      members.push_back(child);
      const bool same = at < lines.size() && lines[at].size() == 6 && lines[at][0] == std::to_string(rank) &&
                        lines[at][1] == code && lines[at][2] == key.second && lines[at][4] == key.first &&
                        lines[at][5] == (admit ? "ADMIT" : "WAIT");
      if (!same) return report("draws", file, code, "line " + std::to_string(at + 1) + " is not what the files give");
      ++at;
    }
    for (const std::size_t child : members) drawn.unit_of[child] = drawn.units.size();
    drawn.units.push_back(std::move(members)), drawn.admitted.push_back(admit);
    for (const std::string& code : codes) lots_[code] = key.first;
  }
  if (at != lines.size()) report("draws", file, id, "has lines of nobody on the roll");
  const CheckTable draws(folder_, "draws.csv", {"draw_id", "school_id", "kind"});
  for (std::size_t row = 0; row < draws.rows(); ++row) {
    if (draws.at(row, 0) == id && draws.at(row, 2) == "private") lines_[school_at(draws.at(row, 1))] = std::move(drawn);
  }
}

// That tickets are the files' own and everybody listed is dealt; sizes and strata are counted over the tables.
void Checker::check_class_draw(const std::string& id, const std::map<std::string, std::string>& manifest,
                               const std::string& list, const std::string& result, const Bytes32& seed) {
  const bool sm3 = manifest.at("suite") == "sm3";
  const std::string file = "draws/" + id + "/result.tsv";
  std::map<std::string_view, std::string_view> units;
  for (const auto& line : lines_of(list)) {
    if (line.size() > 1) units[line[0]] = line[1];
  }
  std::size_t dealt = 0;
  for (const auto& line : lines_of(result)) {
    if (line.size() < 6 || !units.contains(line[1]))
      return report("draws", file, id, "has a line of nobody on the list");
    const std::string unit(units[line[1]]);
    if (line[5] != hex_of(keyed_hash(sm3, seed, "classes/1 ticket\n" + id + "\n" + unit + "\n")))
      return report("draws", file, line[1], "has another ticket than the files give");
    const std::size_t child = child_at(line[1]);
    if (child == kNoRow || std::to_string(child_[child].school_class) != line[0])
      report("draws", file, line[1], "is in another class by its answer");
    ++dealt;
  }
  if (dealt != units.size())
    report("draws", file, id, std::to_string(dealt) + " dealt of " + std::to_string(units.size()));
}

// Tickets and their order; that the class list is the school's own dealing, by another ceremony; that the table of
// classes has the same head teachers.
void Checker::check_head_draw(const std::string& id, const std::map<std::string, std::string>& manifest,
                              const std::string& list, const std::string& result, const Bytes32& seed) {
  const bool sm3 = manifest.at("suite") == "sm3";
  const std::string file = "draws/" + id + "/result.tsv";
  const std::filesystem::path own = folder_ / "draws" / id;
  const std::string deal = read_bytes(own / "deal.tsv");
  if (!manifest.contains("deal") || hex_of(hash_of(sm3, deal)) != manifest.at("deal"))
    report("draws", "draws/" + id, id, "deal.tsv is not the one the manifest names");
  std::vector<std::pair<std::string, std::string>> order;  // ticket, code
  for (const auto& line : lines_of(list)) {
    const std::string code(line[0]);
    order.emplace_back(hex_of(keyed_hash(sm3, seed, "heads/1 ticket\n" + id + "\n" + code + "\n")), code);
  }
  std::ranges::sort(order);
  std::string expected;
  for (std::size_t c = 0; c < order.size(); ++c)
    expected += std::to_string(c + 1) + "\t" + order[c].second + "\t" + order[c].first + "\n";
  if (expected != result) report("draws", file, id, "is not what the files give");
  std::set<std::string> dealings;
  for (const LedClass& row : led_[id]) {
    dealings.insert(row.pupil_draw);
    if (std::ranges::none_of(order, [&](const auto& of) { return of.second == row.head; }))
      report("draws", "classes.csv", row.class_id, "has a head teacher who was not drawn");
  }
  if (dealings.size() != 1 || led_[id].size() != order.size())
    return report("draws", "classes.csv", id, "does not lead each class of one dealing");
  const std::filesystem::path dealing = folder_ / "draws" / *dealings.begin();
  if (read_bytes(dealing / "result.tsv") != deal)
    report("draws", "draws/" + id + "/deal.tsv", id, "is not the result of " + *dealings.begin());
  if (read_bytes(dealing / "ceremony.txt") == read_bytes(own / "ceremony.txt"))
    report("draws", "draws/" + id + "/ceremony.txt", id, "is that of " + *dealings.begin() + " too");
}

}  // namespace catchment::datasets::season_check
