// Suggestions while someone types: names by their beginning, by a part, by pinyin or its initials; then their doors.
#include <algorithm>

#include "geo/address/normal_text.hpp"
#include "geo/gazetteer/find.hpp"
#include "geo/gazetteer/find_names.hpp"
#include "geo/gazetteer/keys.hpp"
#include "geo/gazetteer/similar_names.hpp"

namespace catchment::geo {
namespace {

enum class Way : std::uint8_t { begins, contains, pinyin, initials, like };  // better first

struct NameMatch {
  NameId name = kNoName;
  Way way = Way::begins;
  std::uint32_t key = 0;
  std::uint16_t offset = 0;  // characters of the key before what was typed
  bool whole = false;        // nothing of the key is left
  std::uint32_t entries = 0;

  auto rank() const {
    return std::tuple(!whole, way, way == Way::begins || way == Way::contains ? 0 : offset, ~entries, name);
  }
};

constexpr std::size_t kNamesForDoors = 4;  // names whose doors are offered when a number was typed
constexpr std::size_t kMaxTyped = 200;     // bytes; nobody types more to be helped

bool all_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

class Suggester {
 public:
  Suggester(const GazetteerTables& tables, std::size_t limit) : t_(tables), limit_(limit) {}

  std::vector<Suggestion> run(std::string_view typed) {
    const NormalText normal = normalise(typed);
    std::string_view rest = normal.text;
    while (strip_context(rest)) {
    }
    const std::string key = folded_key(rest);
    for (const NameMatch& match : search(key, limit_)) add_name(match, key);
    if (out_.size() < limit_) add_doors(rest);
    return std::move(out_);
  }

 private:
  // A district or town before the rest says where to look.
  bool strip_context(std::string_view& rest) {
    std::vector<NameLexicon::Hit> hits;
    append_hits(t_, rest, hits);
    for (const NameLexicon::Hit& hit : hits) {
      if (hit.part > AddressPart::town || hit.length >= rest.size()) continue;
      if (hit.part == AddressPart::district) district_ = hit.name;
      rest.remove_prefix(hit.length);
      while (!rest.empty() && (rest.front() == ' ' || rest.front() == ',')) rest.remove_prefix(1);
      return !rest.empty();
    }
    return false;
  }

  void offer(std::vector<NameMatch>& best, std::size_t keep, const NameMatch& match) const {
    const auto same = std::ranges::find(best, match.name, &NameMatch::name);
    if (same != best.end()) {
      if (match.rank() < same->rank()) *same = match;
    } else if (best.size() < keep) {
      best.push_back(match);
    } else if (match.rank() < best.back().rank()) {
      best.back() = match;
    } else {
      return;
    }
    std::ranges::sort(best, {}, &NameMatch::rank);
  }

  void scan(std::span<const SuffixRow> rows, std::string_view key, Way way, std::size_t keep,
            std::vector<NameMatch>& best) const {
    const auto head = [&](const SuffixRow& row) {
      return t_.searched.substr(row.begin, std::min<std::size_t>(row.length, key.size()));
    };
    for (const SuffixRow& row : equal_span(rows, key, head)) {
      for (const KeyItem& item : t_.items_of(row.key)) {
        if (item.listed == 0) continue;
        NameMatch match{item.name,
                        way,
                        row.key,
                        row.offset,
                        row.offset == 0 && row.length == key.size(),
                        t_.names[item.name].entries};
        if (way == Way::begins && row.offset != 0) match.way = Way::contains;
        offer(best, keep, match);
      }
    }
  }

  std::vector<NameMatch> search(std::string_view key, std::size_t keep) const {
    std::vector<NameMatch> best;
    if (key.empty() || keep == 0) return best;
    scan(t_.suffixes, key, Way::begins, keep, best);
    if (all_ascii(key)) {
      scan(t_.pinyin, key, Way::pinyin, keep, best);
      scan(t_.initials, key, Way::initials, keep, best);
    }
    if (best.empty()) {
      for (const MatchedName& hit : geo::find_names(t_, key, true)) {
        offer(best, keep, {hit.name, Way::like, 0, 0, false, t_.names[hit.name].entries});
      }
    }
    return best;
  }

  // The bytes of the shown name that were typed.
  std::vector<Span> highlight(const NameMatch& match, std::string_view name, std::string_view key) const {
    if (match.way == Way::like) return {};
    const NormalText normal = normalise(name);
    // Characters of the key lie in the normalised name in order; marks between them are skipped.
    const std::u32string characters = to_characters(t_.text(t_.keys[match.key].text));
    const std::size_t taken =
        match.way == Way::pinyin ? syllables_of(characters, match.offset, key) : to_characters(key).size();
    std::size_t at = 0;
    std::size_t i = 0;
    std::size_t begin = normal.text.size();
    std::size_t end = begin;
    while (at < normal.text.size() && i < characters.size()) {
      const std::size_t here = at;
      if (next_character(normal.text, at) != characters[i]) continue;
      if (i == match.offset) begin = here;
      if (i + 1 == match.offset + taken) end = at;
      ++i;
    }
    if (i < characters.size() || begin >= end) return {};  // an alias, or numerals written otherwise
    return {normal.span(begin, end)};
  }

  static std::size_t syllables_of(std::u32string_view characters, std::size_t offset, std::string_view key) {
    std::size_t taken = 0;
    std::size_t letters = 0;
    while (letters < key.size() && offset + taken < characters.size()) {
      letters += syllable_length(characters[offset + taken]);
      ++taken;
    }
    return taken;
  }

  void add_name(const NameMatch& match, std::string_view key) {
    if (out_.size() >= limit_) return;
    const NameRow& row = t_.names[match.name];
    Candidate c;
    set_thing(t_, match.name, c);
    Suggestion s;
    s.text = t_.text(row.name);
    s.highlights = highlight(match, s.text, key);
    s.level = c.level;
    s.name = match.name;
    if (row.has_position != 0) s.position = row.position;
    out_.push_back(std::move(s));
  }

  // A name, then the beginning of a number: the doors that begin so.
  void add_doors(std::string_view rest) {
    const auto is_ascii_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto first = std::ranges::find_if(rest.substr(std::min<std::size_t>(1, rest.size())), is_ascii_digit);
    if (first == rest.end()) return;
    const auto split = static_cast<std::size_t>(first - rest.begin());
    const auto end = std::find_if_not(first, rest.end(), is_ascii_digit);
    std::string digits(first, end);
    digits.erase(0, digits.find_first_not_of('0'));  // 012 is 12; no door is 0
    if (digits.empty()) return;
    const std::string key = folded_key(rest.substr(0, split));
    for (const NameMatch& match : search(key, kNamesForDoors)) add_doors_of(match, key, digits);
  }

  void add_doors_of(const NameMatch& match, std::string_view key, const std::string& digits) {
    const NameRow& row = t_.names[match.name];
    if (row.part != AddressPart::street && row.part != AddressPart::estate) return;
    const PathPart part = row.part == AddressPart::street ? door_part : building_part;
    // Doors that begin with the digits are a few runs of numbers: n, n0-n9, n00-n99 ...
    const auto value = digits.size() > 6 ? 0 : std::stoi(digits);
    const auto entries = t_.entries_of(match.name);
    PackedNumber last = 0;
    for (const EntryId e : entries) {
      if (out_.size() >= limit_) return;
      const PackedNumber number = t_.entries.number(e, part);
      if (number == last || number == 0 || (part == door_part && t_.entries.number(e, lane_part) != 0)) continue;
      const NameId district = t_.entries.place(e).district;
      if (district_ != kNoName && district != kNoName && district != district_) continue;
      if (value == 0 || !begins_with(unpack(number).number, value)) continue;
      last = number;
      add_door(match, key, digits, e, part);
    }
  }

  static bool begins_with(std::int32_t number, std::int32_t head) {
    while (number > head) number /= 10;
    return number == head;
  }

  void add_door(const NameMatch& match, std::string_view key, const std::string& digits, EntryId e, PathPart part) {
    EntryPath path;
    (part == door_part ? path.street : path.estate) = match.name;
    (part == door_part ? path.door : path.building) = unpack(t_.entries.number(e, part));
    Suggestion s;
    s.text = text_of_path(t_, path);
    const std::string_view name = t_.text(t_.names[match.name].name);
    s.highlights = highlight(match, name, key);
    const auto number = static_cast<std::uint32_t>(s.text.find(digits, name.size()));
    s.highlights.push_back({number, number + static_cast<std::uint32_t>(digits.size())});
    s.level = MatchLevel::door;
    s.name = match.name;
    const bool alone = std::has_single_bit(t_.entries.rows[e].parts);
    if (alone) s.entry = e;
    if (t_.entries.has_position(e)) s.position = t_.entries.position(e);
    const auto same = [&](const Suggestion& other) { return other.text == s.text; };
    if (std::ranges::none_of(out_, same)) out_.push_back(std::move(s));
  }

  const GazetteerTables& t_;
  std::size_t limit_;
  NameId district_ = kNoName;
  std::vector<Suggestion> out_;
};

}  // namespace

std::vector<Suggestion> Gazetteer::suggest(std::string_view typed, std::size_t limit) const {
  if (typed.size() > kMaxTyped) return {};
  std::vector<Suggestion> list = Suggester(*tables_, limit).run(typed);
  if (!list.empty() || limit == 0) return list;
  FindOptions options;
  options.limit = limit;
  for (const Candidate& c : find(typed, options).candidates) {
    list.push_back({c.text, {}, c.level, c.entry, c.name, c.position});
  }
  return list;
}

}  // namespace catchment::geo
