#include "geo/address/address.hpp"

#include <algorithm>

#include "geo/address/address_pieces.hpp"
#include "geo/address/address_roles.hpp"
#include "geo/address/utf8.hpp"
#include "geo/address/western_address.hpp"

namespace catchment::geo {
namespace {

// Collects tokens whose spans touch; the blanks that normalising drops become fillers of their own.
class Tokens {
 public:
  explicit Tokens(std::string_view original) : original_(original) {}

  void add(AddressToken token) {
    const std::uint32_t begin = token.part == AddressPart::filler ? token.span.begin : skip_blanks(token.span);
    const std::uint32_t end = token.part == AddressPart::filler ? token.span.end : drop_blanks({begin, token.span.end});
    filler({token.span.begin, begin});
    const Span rest{end, token.span.end};
    if (token.part == AddressPart::filler) {
      filler(token.span);
    } else {
      token.span = {begin, end};
      tokens_.push_back(std::move(token));
    }
    filler(rest);
  }

  std::vector<AddressToken> take() { return std::move(tokens_); }

 private:
  void filler(Span span) {
    if (span.begin == span.end) return;
    if (!tokens_.empty() && tokens_.back().part == AddressPart::filler) {
      tokens_.back().span.end = span.end;
    } else {
      AddressToken token;
      token.part = AddressPart::filler;
      token.span = span;
      tokens_.push_back(std::move(token));
    }
    normalise_into(original_.substr(tokens_.back().span.begin, tokens_.back().span.end - tokens_.back().span.begin),
                   tokens_.back().text);
  }

  std::uint32_t skip_blanks(Span span) const {
    while (span.begin < span.end) {
      const Decoded c = decode_utf8(original_.data() + span.begin, original_.data() + span.end);
      if (!is_blank(c.c)) break;
      span.begin += static_cast<std::uint32_t>(c.length);
    }
    return span.begin;
  }

  std::uint32_t drop_blanks(Span span) const {
    while (span.begin < span.end) {
      std::uint32_t start = span.end - 1;
      while (start > span.begin && (static_cast<unsigned char>(original_[start]) & 0xc0u) == 0x80u) --start;
      const Decoded c = decode_utf8(original_.data() + start, original_.data() + span.end);
      if (!is_blank(c.c) || start + c.length != span.end) break;
      span.end = start;
    }
    return span.end;
  }

  std::string_view original_;
  std::vector<AddressToken> tokens_;
};

}  // namespace

ParsedAddress parse_address(std::string_view text, const NameLexicon* lexicon) {
  ParsedAddress parsed;
  parsed.original = text;
  if (text.empty()) return parsed;
  if (text.size() > kLongestAddress) {
    AddressToken whole;
    whole.span = {0, static_cast<std::uint32_t>(text.size())};
    normalise_into(text, whole.text);
    parsed.tokens.push_back(std::move(whole));
    return parsed;
  }
  const NormalText normal = normalise(text);
  const AddressText chars(normal.text);
  Tokens tokens(text);
  const bool western = is_western(chars);
  for (const AddressPiece& piece :
       western ? cut_western(chars, lexicon) : with_roles(chars, cut_address(chars, lexicon))) {
    AddressToken token;
    token.part = piece.part;
    token.span = normal.span(chars.offsets[piece.begin], chars.offsets[piece.end]);
    token.number = piece.number;
    token.name = piece.name;
    token.text = piece.number.number != 0 ? to_text(piece.number) : std::string(chars.bytes_of(piece.begin, piece.end));
    if (western && piece.part == AddressPart::street) token.text = written_out(token.text);
    tokens.add(std::move(token));
  }
  parsed.tokens = tokens.take();
  if (parsed.tokens.empty()) {  // nothing but blanks
    AddressToken blank;
    blank.part = AddressPart::filler;
    blank.span = {0, static_cast<std::uint32_t>(text.size())};
    parsed.tokens.push_back(std::move(blank));
  }
  return parsed;
}

std::string_view to_word(AddressPart part) {
  switch (part) {
    case AddressPart::country:
      return "country";
    case AddressPart::province:
      return "province";
    case AddressPart::city:
      return "city";
    case AddressPart::district:
      return "district";
    case AddressPart::town:
      return "town";
    case AddressPart::community:
      return "community";
    case AddressPart::village:
      return "village";
    case AddressPart::group:
      return "group";
    case AddressPart::street:
      return "street";
    case AddressPart::lane:
      return "lane";
    case AddressPart::sublane:
      return "sublane";
    case AddressPart::door:
      return "door";
    case AddressPart::compound:
      return "compound";
    case AddressPart::estate:
      return "estate";
    case AddressPart::phase:
      return "phase";
    case AddressPart::building:
      return "building";
    case AddressPart::stair:
      return "stair";
    case AddressPart::floor:
      return "floor";
    case AddressPart::room:
      return "room";
    case AddressPart::block:
      return "block";
    case AddressPart::institution:
      return "institution";
    case AddressPart::line:
      return "line";
    case AddressPart::postcode:
      return "postcode";
    case AddressPart::detail:
      return "detail";
    case AddressPart::filler:
      return "filler";
    case AddressPart::unknown:
      return "unknown";
  }
  return "unknown";
}

const AddressToken* ParsedAddress::find(AddressPart part) const {
  const auto found =
      std::find_if(tokens.rbegin(), tokens.rend(), [part](const auto& token) { return token.part == part; });
  return found == tokens.rend() ? nullptr : &*found;
}

bool is_sector(const ParsedAddress& parsed, const AddressToken& phase) {
  const auto typed = std::string_view(parsed.original).substr(phase.span.begin, phase.span.end - phase.span.begin);
  return phase.part == AddressPart::phase && (typed.ends_with("区") || typed.ends_with("區"));
}

}  // namespace catchment::geo
