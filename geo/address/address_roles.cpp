#include "geo/address/address_roles.hpp"

#include <span>

#include "geo/address/numeral.hpp"

namespace catchment::geo {
namespace {

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

// One number of a chain: 301, a, b12.
DoorNumber chain_number(const AddressText& text, std::size_t begin, std::size_t end) {
  DoorNumber number;
  const bool lettered = !is_digit(text.chars[begin]);
  const std::int32_t ordinal = lettered ? static_cast<std::int32_t>(text.chars[begin] - U'a') + 1 : 0;
  const NumeralText digits = read_numeral(text.bytes_of(begin + (lettered ? 1 : 0), end));
  if (lettered && digits.length == 0) {
    number.number = ordinal;
    number.sub_form = SubForm::letter;
  } else {
    number.number = digits.value;
    number.stem = static_cast<std::uint8_t>(lettered ? 10 + ordinal : 0);
  }
  return number;
}

void expand_chain(const AddressText& text, const AddressPiece& chain, std::vector<AddressPiece>& out) {
  std::size_t begin = chain.begin;
  for (int item = 0; item < chain.chain; ++item) {
    std::size_t end = begin;
    while (end < chain.end && text.chars[end] < 0x80 && text.chars[end] != U'-' && text.chars[end] != U'#') ++end;
    AddressPiece piece;
    piece.bare = true;
    piece.number = chain_number(text, begin, end);
    piece.begin = static_cast<std::uint32_t>(begin);
    piece.end = static_cast<std::uint32_t>(end);
    if (item + 1 == chain.chain) {
      piece.part = chain.part;
      piece.end = chain.end;
      out.push_back(piece);
      return;
    }
    out.push_back(piece);
    AddressPiece dash;
    dash.part = AddressPart::filler;
    dash.begin = static_cast<std::uint32_t>(end);
    dash.end = dash.begin + 1;
    out.push_back(dash);
    begin = end + 1;
  }
}

class Roles {
 public:
  Roles(const AddressText& text, std::vector<AddressPiece> pieces) : text_(text), pieces_(std::move(pieces)) {}

  std::vector<AddressPiece> run() {
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      if (pieces_[i].bare) {
        i = group(i) - 1;
      } else {
        unit(i);
      }
    }
    std::vector<AddressPiece> out;
    for (AddressPiece& piece : pieces_) {
      // 港口270号: 口 alone after what could not be read belongs to it.
      const bool one_character_word = piece.part == AddressPart::detail && piece.end == piece.begin + 1;
      if (one_character_word && !out.empty() && out.back().part == AddressPart::unknown) {
        piece.part = AddressPart::unknown;
      }
      const bool joins = !out.empty() && piece.part == out.back().part && piece.number.number == 0 &&
                         out.back().number.number == 0 &&
                         (piece.part == AddressPart::unknown || piece.part == AddressPart::filler);
      if (joins) {
        out.back().end = piece.end;
      } else if (piece.begin != piece.end) {
        out.push_back(piece);
      }
    }
    return out;
  }

 private:
  // A number with its unit, or a name.
  void unit(std::size_t i) {
    AddressPiece& piece = pieces_[i];
    if (piece.part == AddressPart::door && inside_building()) piece.part = AddressPart::room;
    const bool storey_word = piece.part == AddressPart::floor && text_.chars[piece.end - 1] == U'楼';
    if (storey_word && !building_ && next_part(i) == AddressPart::stair) piece.part = AddressPart::building;
    if (piece.part == AddressPart::lane && lane_) piece.part = AddressPart::sublane;
    if (piece.part == AddressPart::detail) piece.number = {};
    note(piece.part);
  }

  AddressPart next_part(std::size_t i) const {
    for (++i; i < pieces_.size(); ++i) {
      if (pieces_[i].part != AddressPart::filler) return pieces_[i].part;
    }
    return AddressPart::filler;
  }

  bool inside_building() const { return building_ || stair_ || floor_; }

  void note(AddressPart part) {
    switch (part) {
      case AddressPart::street:
        lane_ = door_ = estate_ = building_ = stair_ = floor_ = named_ = false;
        street_ = true;
        break;
      case AddressPart::lane:
      case AddressPart::sublane:
        lane_ = street_ = true;
        break;
      case AddressPart::door:
      case AddressPart::compound:
        door_ = true;
        street_ = false;
        break;
      case AddressPart::estate:
      case AddressPart::phase:
      case AddressPart::block:
      case AddressPart::institution:
        estate_ = true;
        street_ = false;
        building_ = stair_ = floor_ = false;
        break;
      case AddressPart::building:
        building_ = true;
        street_ = false;
        break;
      case AddressPart::stair:
        stair_ = true;
        street_ = false;
        break;
      case AddressPart::floor:
        floor_ = true;
        street_ = false;
        break;
      case AddressPart::unknown:
      case AddressPart::community:
      case AddressPart::village:
      case AddressPart::group:
        named_ = true;
        break;
      default:
        break;
    }
  }

  // Bare numbers with only dashes and blanks between, from i; returns the index after them.
  std::size_t group(std::size_t i) {
    std::vector<std::size_t> items = {i};
    std::size_t end = i + 1;
    while (end + 1 < pieces_.size() && pieces_[end].part == AddressPart::filler && joins(pieces_[end]) &&
           pieces_[end + 1].bare) {
      items.push_back(end + 1);
      end += 2;
    }
    const bool room_last = pieces_[items.back()].part == AddressPart::room;
    std::size_t first = 0;
    const bool room_with_sub = items.size() == 2 && (door_ || inside_building()) && is_dash(items[0] + 1) &&
                               pieces_[items[0]].number.number >= 100;
    if (room_with_sub && take_sub(items[0], items[1])) {  // 301-1
      pieces_[items[0]].part = AddressPart::room;
      first = 2;
    } else if (street_ ||
               (named_ && !estate_ && !door_ && !inside_building() && items.size() != 2 && items.size() != 3)) {
      first = street_door(items, room_last);
    }
    within(std::span(items).subspan(first), room_last);
    for (const std::size_t item : items) {
      pieces_[item].bare = false;
      note(pieces_[item].part);
      if (pieces_[item].part == AddressPart::unknown) pieces_[item].number = {};
    }
    return end;
  }

  bool joins(const AddressPiece& filler) const {
    return filler.end == filler.begin + 1 &&
           std::u32string_view(U"-/ ").find(text_.chars[filler.begin]) != std::u32string_view::npos;
  }

  bool is_dash(std::size_t i) const { return text_.chars[pieces_[i].begin] == U'-'; }

  // The first number is a door; 12-3 with nothing after it is one door. Returns how many items that took.
  std::size_t street_door(const std::vector<std::size_t>& items, bool room_last) {
    AddressPiece& door = pieces_[items[0]];
    if (items.size() == 1 && room_last) return 0;
    door.part = AddressPart::door;
    door_ = true;
    const bool dashed = items.size() == 2 && is_dash(items[0] + 1);
    if (!dashed || room_last || door.number.sub_form != SubForm::none) return 1;
    return take_sub(items[0], items[1]) ? 2 : 1;
  }

  // 12-3: the second number becomes the first one's sub-number, if it can be one.
  bool take_sub(std::size_t item, std::size_t sub_item) {
    AddressPiece& number = pieces_[item];
    AddressPiece& sub = pieces_[sub_item];
    if (sub.number.number >= 100 || sub.number.sub_form != SubForm::none || sub.number.stem != 0) return false;
    number.number.sub = sub.number.number;
    number.number.sub_form = SubForm::dash;
    number.end = sub.end;
    pieces_[item + 1].begin = pieces_[item + 1].end = sub.end;
    sub.begin = sub.end;
    sub.part = AddressPart::filler;
    return true;
  }

  // The rest, from the coarsest part not yet given: building, stair, floor, room.
  void within(std::span<const std::size_t> items, bool room_last) {
    using enum AddressPart;
    static constexpr AddressPart kAll[] = {building, stair, floor, room};
    static constexpr AddressPart kNoFloor[] = {building, stair, room};
    static constexpr AddressPart kShort[] = {building, room};
    if (items.empty()) return;
    std::span<const AddressPart> parts;
    const std::size_t count = items.size();
    if (floor_ || stair_) {
      parts = std::span(kAll).subspan(floor_ ? 3 : 2);
      if (count == 1) parts = parts.last(1);
    } else if (building_) {
      if (count == 3) parts = std::span(kAll).subspan(1);
      if (count == 2) parts = std::span(kNoFloor).subspan(1);
      if (count == 1 && (room_last || pieces_[items[0]].number.number >= 100)) parts = std::span(kAll).subspan(3);
    } else {
      if (count == 4) parts = kAll;
      if (count == 3) parts = kNoFloor;
      if (count == 2) parts = kShort;
      const bool room_like = room_last || (door_ && pieces_[items[0]].number.number >= 100);
      if (count == 1 && room_like) parts = std::span(kAll).subspan(3);
    }
    for (std::size_t k = 0; k < count; ++k) {
      pieces_[items[k]].part = count == parts.size() ? parts[k] : unknown;
    }
  }

  const AddressText& text_;
  std::vector<AddressPiece> pieces_;
  // What has been named so far, since the last street.
  bool street_ = false;  // and no door yet
  bool lane_ = false;
  bool door_ = false;
  bool estate_ = false;
  bool building_ = false;
  bool stair_ = false;
  bool floor_ = false;
  bool named_ = false;
};

}  // namespace

std::vector<AddressPiece> with_roles(const AddressText& text, const std::vector<AddressPiece>& cut) {
  std::vector<AddressPiece> pieces;
  pieces.reserve(cut.size() + 8);
  for (const AddressPiece& piece : cut) {
    if (piece.chain > 1) {
      expand_chain(text, piece, pieces);
    } else {
      pieces.push_back(piece);
    }
  }
  return Roles(text, std::move(pieces)).run();
}

}  // namespace catchment::geo
