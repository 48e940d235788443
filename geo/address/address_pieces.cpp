#include "geo/address/address_pieces.hpp"

#include <algorithm>
#include <limits>

#include "geo/address/address_costs.hpp"
#include "geo/address/address_numbers.hpp"
#include "geo/address/address_words.hpp"
#include "geo/address/numeral.hpp"
#include "geo/address/utf8.hpp"

namespace catchment::geo {
namespace {

// Higher is finer, among the parts that only stand before what they hold; 0 for the others.
int rank(AddressPart part) {
  switch (part) {
    case AddressPart::country:
      return 1;
    case AddressPart::province:
      return 2;
    case AddressPart::city:
      return 3;
    case AddressPart::district:
      return 4;
    case AddressPart::town:
      return 5;
    default:
      return 0;
  }
}
bool is_local(AddressPart part) { return part >= AddressPart::community && part <= AddressPart::line; }

struct State {
  int cost = std::numeric_limits<int>::max();
  AddressPiece piece;      // the last one of the best way to here
  std::uint8_t depth = 0;  // the finest rank passed; 6 after anything finer than a town
};

class Cutter {
 public:
  Cutter(const AddressText& text, const NameLexicon* lexicon, std::size_t* steps)
      : text_(text), lexicon_(lexicon), steps_(steps), states_(text.size() + 1) {
    suffixes_.reserve(text.size() + 1);
    suffixes_.push_back(nullptr);
    for (std::size_t end = 1; end <= text.size(); ++end) {
      suffixes_.push_back(find_suffix(std::u32string_view(text.chars).substr(0, end)));
    }
    states_[0].cost = 0;
    look_up_names();
  }

  std::vector<AddressPiece> run() {
    for (std::size_t at = 0; at < text_.size(); ++at) {
      if (states_[at].cost != std::numeric_limits<int>::max()) candidates(at);
    }
    std::vector<AddressPiece> pieces;
    for (std::size_t end = text_.size(); end > 0; end = pieces.back().begin) pieces.push_back(states_[end].piece);
    std::ranges::reverse(pieces);
    return pieces;
  }

 private:
  void candidates(std::size_t at) {
    const char32_t c = text_.chars[at];
    if (!is_name_character(c)) {
      std::size_t end = at + 1;
      while (end < text_.size() && !is_name_character(text_.chars[end])) ++end;
      offer(AddressPart::filler, at, end, 0);
      return;
    }
    known_names(at);
    fixed_word(at);
    priced_.clear();
    number_pieces(text_, at, priced_);
    for (const PricedPiece& each : priced_) offer(each.piece, each.cost);
    names(at);
    unread(at);
  }

  void offer(AddressPart part, std::size_t begin, std::size_t end, int cost, NameId name = kNoName) {
    AddressPiece piece;
    piece.part = part;
    piece.begin = static_cast<std::uint32_t>(begin);
    piece.end = static_cast<std::uint32_t>(end);
    piece.name = name;
    offer(piece, cost);
  }

  void offer(const AddressPiece& piece, int cost) {
    if (steps_ != nullptr) ++*steps_;
    cost *= kFine;
    if (piece.name != kNoName) cost -= std::min<int>(static_cast<int>(piece.end - piece.begin), kFine - 1);
    const State& before = states_[piece.begin];
    const int depth = rank(piece.part);
    if (depth != 0 && depth <= before.depth) {  // 常德市津市市 stand so, a city after a street hardly
      const bool far = depth <= rank(AddressPart::city) && depth < before.depth;
      cost += (far ? kFarBackwards : kBackwards) * kFine;
    }
    // 三原12号: 原 more probably ends what could not be read than begins the number.
    const bool prefixed =
        piece.number.series != DoorSeries::current || (piece.number.stem != 0 && piece.number.stem <= 10);
    const bool after_unread = before.piece.part == AddressPart::unknown && !before.piece.bare && before.piece.end != 0;
    if (prefixed && after_unread) cost += 2 * kUnread * kFine;
    State& after = states_[piece.end];
    if (before.cost + cost >= after.cost) return;
    after.cost = before.cost + cost;
    after.piece = piece;
    const int reached = depth != 0 ? depth : is_local(piece.part) ? 6 : 0;
    after.depth = std::max(before.depth, static_cast<std::uint8_t>(reached));
  }

  // Every known name of the text, by where it begins.
  void look_up_names() {
    known_starts_.assign(text_.size() + 1, 0);
    known_district_begin_.assign(text_.size() + 1, 0);
    for (std::size_t at = 0; at < text_.size(); ++at) {
      known_starts_[at] = known_.size();
      if (lexicon_ == nullptr || !is_name_character(text_.chars[at]) || within_word(at)) continue;
      hits_.clear();
      lexicon_->names_at(text_.bytes_from(at), hits_);
      for (const NameLexicon::Hit& hit : hits_) {
        const std::size_t offset = text_.offsets[at] + hit.length;
        const std::size_t end = text_.index_of(offset);
        if (hit.length == 0 || end > text_.size() || text_.offsets[end] != offset || within_word(end)) continue;
        known_.push_back({hit.part, end, hit.name});
        if (rank(hit.part) != 0 && end >= at + 3) known_district_begin_[end] = at;
      }
    }
    known_starts_[text_.size()] = known_.size();
  }

  // Whether the text goes on with the same number or Latin word here.
  bool within_word(std::size_t at) const {
    if (at == 0 || at >= text_.size()) return false;
    const char32_t before = text_.chars[at - 1];
    return (is_digit(before) && is_digit(text_.chars[at])) || (is_letter(before) && is_letter(text_.chars[at]));
  }

  void known_names(std::size_t at) {
    for (std::size_t i = known_starts_[at]; i < known_starts_[at + 1]; ++i) {
      const Known& known = known_[i];
      offer(known.part, at, known.end, kKnown, known.name);
      if (known.part != AddressPart::street) continue;
      if (const std::size_t tail = section_after(known.end); tail != 0) {
        offer(known.part, at, known.end + tail, kKnown + kNumbered);
      }
    }
  }

  void fixed_word(std::size_t at) {
    const FixedWord* word = find_fixed(text_.from(at));
    if (word != nullptr) {
      const std::size_t end = at + word->word.size();
      const bool place = word->part == AddressPart::city || word->part == AddressPart::province;
      const int named = place && suffix_begins(end) ? kPlain : 0;  // 北京路, 大同路
      offer(word->part, at, end, (word->part == AddressPart::detail ? kDetail : kFixedWord) + named);
    }
  }

  // Whether a suffix of one or two characters stands here: a name before it would be cut from it.
  bool suffix_begins(std::size_t at) const {
    for (std::size_t end = at + 1; end <= at + 2 && end <= text_.size(); ++end) {
      if (suffixes_[end] != nullptr && suffixes_[end]->word.size() == end - at) return true;
    }
    return false;
  }

  // Characters of "一段", "8横路" after a street's name.
  std::size_t section_after(std::size_t end) const {
    if (end >= text_.size()) return 0;
    const NumeralText numeral = read_numeral(text_.bytes_from(end));
    if (numeral.length == 0) return 0;
    const std::size_t digits = numeral.ascii ? numeral.length : numeral.length / 3;  // Chinese numerals are 3 bytes
    const std::size_t word = section_word(text_.from(end + digits));
    return word == 0 ? 0 : digits + word;
  }

  // Names that a suffix ends.
  void names(std::size_t at) {
    const bool joined = at > 0 && is_name_character(text_.chars[at - 1]);
    if (within_word(at)) return;
    const int before = begins_name(at, joined);
    const std::size_t city = glued_city(at);
    int cost_so_far = before;
    Inside inside;
    int digit_runs = 0;
    const std::size_t limit = std::min(text_.size(), at + kMaxStem + kLongestSuffix);
    for (std::size_t end = at + 1; end <= limit; ++end) {
      if (steps_ != nullptr) ++*steps_;
      const char32_t c = text_.chars[end - 1];
      if (!is_name_character(c) && c != U'·') return;
      if (is_digit(c) && (end - 1 == at || !is_digit(text_.chars[end - 2]))) ++digit_runs;
      // 平州金池区 where 金池区 is known: no name goes across its beginning.
      if (known_district_begin_[end] > at) cost_so_far = before + 2 * kUnread;
      const NameSuffix* suffix = suffixes_[end];
      const std::size_t length = suffix != nullptr ? suffix->word.size() : 0;
      if (suffix != nullptr && end > at + length && suffix->part != AddressPart::unknown) {
        const std::size_t stem_end = end - length;
        int cost = cost_so_far + inside.cost(stem_end) + digits_cost(at, stem_end, digit_runs, *suffix);
        if (city != 0 && stem_end >= city + 2 && !is_compass(text_.chars[city])) cost += kCityGluedOn;
        if (joined && suffix->part == AddressPart::street && only_direction(at, stem_end)) cost += kOnlyDirection;
        name(at, stem_end, end, *suffix, cost);
      }
      if (suffix != nullptr) {
        const bool distance = suffix->word == U"里" && end > at + 1 && is_numeral(text_.chars[end - 2]);  // 八里庄
        const int cost = distance ? kDistance : suffix->inside;
        // 街道农林路, 镇农林路: more probably the end of what stands before.
        const bool ends_before =
            suffix->part == AddressPart::town || (suffix->part == AddressPart::street && suffix->inside > kPlain);
        inside.add({end, end - length != at ? cost : !joined ? 0 : ends_before ? cost : cost / 2}, end - length, at);
      }
    }
  }

  // What suffixes within a stem cost: each more probably ends a name there, but for those that end where the stem does
  // or later (沙市区, 大学路), or are part of a longer one (街 of 街道).
  class Inside {
   public:
    struct Found {
      std::size_t end;
      int cost;
    };
    void add(Found found, std::size_t begin, std::size_t at) {
      if (begin < at || count_ == std::size(found_)) return;
      if (count_ != 0 && begin < found_[count_ - 1].end) --count_;
      found_[count_++] = found;
    }
    int cost(std::size_t stem_end) const {
      int total = 0;
      for (std::size_t i = 0; i < count_ && found_[i].end < stem_end; ++i) total += found_[i].cost;
      return total;
    }

   private:
    Found found_[kMaxStem + kLongestSuffix];
    std::size_t count_ = 0;
  };

  // 与, 和 ... more probably join two names than begin one, when something stands before them.
  int begins_name(std::size_t at, bool joined) const {
    const bool joining = std::u32string_view(U"与和及的至到在").find(text_.chars[at]) != std::u32string_view::npos;
    const FixedWord* word = find_fixed(text_.from(at));
    if ((joined && joining && !peace_after_area(at)) || (word != nullptr && word->part == AddressPart::filler))
      return kJoiningWord;
    // 道农业路 out of 花园路街道农业路: from within a suffix.
    for (std::size_t end = at + 1; joined && end < at + kLongestSuffix && end <= text_.size(); ++end) {
      const NameSuffix* cut = suffixes_[end];
      if (cut != nullptr && end - cut->word.size() < at) return kJoiningWord;
    }
    return 0;
  }

  // 金池区和平三街: a district and 平三街 are not joined, and 和平 begins many names.
  bool peace_after_area(std::size_t at) const {
    const NameSuffix* area = suffixes_[at];
    return area != nullptr && area->part >= AddressPart::province && area->part <= AddressPart::town &&
           text_.from(at).starts_with(U"和平");
  }

  // Where a city's or province's bare name ends that the text begins with here; 0 if none.
  std::size_t glued_city(std::size_t at) const {
    const FixedWord* word = find_fixed(text_.from(at));
    const bool place = word != nullptr && (word->part == AddressPart::city || word->part == AddressPart::province);
    return place ? at + word->word.size() : 0;
  }

  bool only_direction(std::size_t begin, std::size_t end) const {
    return std::all_of(text_.chars.begin() + static_cast<std::ptrdiff_t>(begin),
                       text_.chars.begin() + static_cast<std::ptrdiff_t>(end),
                       [](char32_t c) { return is_compass(c) || c == U'大'; });
  }

  int digits_cost(std::size_t at, std::size_t stem_end, int runs, const NameSuffix& suffix) const {
    const bool numbered_kind = suffix.part == AddressPart::street || suffix.part == AddressPart::institution;
    if (runs == 1 && is_digit(text_.chars[at]) && numbered_kind) {  // 107国道, 14中学
      std::size_t digits_end = at;
      while (digits_end < stem_end && is_digit(text_.chars[digits_end])) ++digits_end;
      if (stem_end <= digits_end + 1) return 3;
    }
    return runs * kDigitsInside;
  }

  static int one_character(char32_t stem, AddressPart part) {
    if (part == AddressPart::village) return 1;  // 张村
    if (part == AddressPart::town) return 4;
    if (part == AddressPart::district && is_compass(stem)) return 1;  // 东区
    return part == AddressPart::city ? 2 * kOneCharStem : kOneCharStem;
  }

  void name(std::size_t at, std::size_t stem_end, std::size_t end, const NameSuffix& suffix, int cost) {
    const std::size_t stem = stem_end - at;
    if (stem > kMaxStem) return;
    cost += kPlain + suffix.extra;
    AddressPart part = suffix.part;
    if (stem == 1) cost += one_character(text_.chars[at], part);
    if (stem > kUsualStem) cost += kLongStem * static_cast<int>(stem - kUsualStem);
    const char32_t last = text_.chars[stem_end - 1];
    if (part == AddressPart::city && suffix.word.size() == 1 &&
        (last == U'区' || last == U'县' || (last == U'市' && stem > 2))) {
      cost += 2 * kPlain;  // no 信义区市, no 青岛市市
    }
    if (stem > 2 && (last == U'区' || last == U'县' || last == U'市')) {  // 云阳县路阳镇 is no 云阳县路
      const bool road_or_town = part == AddressPart::town || part == AddressPart::street;
      if (road_or_town && suffix.word.size() == 1) cost += kPlain + 2;
      if (part == AddressPart::estate) cost += kOnlyDirection;
    }
    if (part == AddressPart::district && suffix.word.size() == 1 &&
        (is_numeral(last) || is_letter(last) || is_digit(last)) && !is_numeral(text_.chars[at])) {
      part = AddressPart::estate;  // 朝阳二区, 吉祥A区
      const bool joined = at > 0 && is_name_character(text_.chars[at - 1]);
      cost += joined && is_compass(text_.chars[at]) ? kOneCharStem : 3;  // 天通苑北二区
    }
    const NameSuffix* before_last = stem > 2 ? suffixes_[stem_end - 1] : nullptr;
    const bool side_of_estate = is_compass(last) && before_last != nullptr && before_last->part == AddressPart::estate;
    if (part == AddressPart::district && suffix.word.size() == 1 && stem > 2 && (last == U'园' || side_of_estate)) {
      part = AddressPart::estate;  // 科技园区, 阳光花苑东区
    }
    if (part == AddressPart::community && suffix.word.size() == 1 && stem == 1 && is_numeral(last)) cost += 5;  // 七里
    offer(part, at, end, cost);
    if (part != AddressPart::street) return;
    if (const std::size_t tail = section_after(end); tail != 0) offer(part, at, end + tail, cost);
  }

  void unread(std::size_t at) {
    const char32_t c = text_.chars[at];
    if (is_letter(c) || is_digit(c)) {
      std::size_t end = at + 1;
      while (end < text_.size() && (is_letter(c) ? is_letter(text_.chars[end]) : is_digit(text_.chars[end]))) ++end;
      // From the middle of a run nothing else starts either; a run is left whole.
      offer(AddressPart::unknown, at, end, kLatinWord);
      return;
    }
    offer(AddressPart::unknown, at, at + 1, kUnread);
  }

  const AddressText& text_;
  const NameLexicon* lexicon_;
  std::size_t* steps_;
  std::vector<State> states_;
  std::vector<const NameSuffix*> suffixes_;  // the longest that ends before character i
  std::vector<NameLexicon::Hit> hits_;
  std::vector<PricedPiece> priced_;
  struct Known {
    AddressPart part;
    std::size_t end;
    NameId name;
  };
  std::vector<Known> known_;
  std::vector<std::size_t> known_starts_;  // first of known_ that begins at character i
  // Where the shortest known district or town of at least 3 characters begins that ends before character i; 0: none, or
  // at the text's beginning, which comes to the same.
  std::vector<std::size_t> known_district_begin_;
};

}  // namespace

AddressText::AddressText(std::string_view normal) : bytes(normal) {
  chars.reserve(normal.size());
  offsets.reserve(normal.size() + 1);
  for (std::size_t at = 0; at < normal.size();) {
    const Decoded decoded = decode_utf8(normal.data() + at, normal.data() + normal.size());
    chars.push_back(decoded.c);
    offsets.push_back(static_cast<std::uint32_t>(at));
    at += decoded.length;
  }
  offsets.push_back(static_cast<std::uint32_t>(normal.size()));
}

std::size_t AddressText::index_of(std::size_t offset) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(offsets, offset) - offsets.begin());
}

std::vector<AddressPiece> cut_address(const AddressText& text, const NameLexicon* lexicon, std::size_t* steps) {
  return Cutter(text, lexicon, steps).run();
}

}  // namespace catchment::geo
