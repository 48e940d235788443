#include "geo/gazetteer/packed.hpp"

#include <span>

#include "geo/snapshot.hpp"

namespace catchment::geo {
namespace {

// From the lowest bit: stem, series, form, sub-number, number.
constexpr PackedNumber kStemBits = 0x3f;
constexpr int kSeriesShift = 6;
constexpr int kFormShift = 9;
constexpr int kSubShift = 12;
constexpr int kNumberShift = 32;
constexpr PackedNumber kThreeBits = 7;
constexpr PackedNumber kTwentyBits = 0xfffff;
constexpr PackedNumber kNamedForm = 7;  // no SubForm has it

PackedNumber form_of(PackedNumber packed) { return packed >> kFormShift & kThreeBits; }

}  // namespace

PackedNumber pack(const DoorNumber& n) {
  if (n.number < 0 || (n.number == 0 && n.sub == 0 && n.stem == 0)) return 0;
  return (static_cast<PackedNumber>(n.number) & kTwentyBits) << kNumberShift |
         (static_cast<PackedNumber>(n.sub) & kTwentyBits) << kSubShift |
         static_cast<PackedNumber>(n.sub_form) << kFormShift | static_cast<PackedNumber>(n.series) << kSeriesShift |
         (n.stem & kStemBits);
}

PackedNumber pack_token(const AddressToken& token) {
  const PackedNumber number = pack(token.number);
  if (number != 0 || token.text.empty()) return number;
  const std::uint64_t hash = fingerprint(std::as_bytes(std::span(token.text)));
  return (hash & kTwentyBits) << kSubShift | kNamedForm << kFormShift;
}

DoorNumber unpack(PackedNumber p) {
  DoorNumber n;
  if (form_of(p) == kNamedForm) return n;
  n.number = static_cast<std::int32_t>(p >> kNumberShift & kTwentyBits);
  n.sub = static_cast<std::int32_t>(p >> kSubShift & kTwentyBits);
  n.sub_form = static_cast<SubForm>(form_of(p));
  n.series = static_cast<DoorSeries>(p >> kSeriesShift & kThreeBits);
  n.stem = static_cast<std::uint8_t>(p & kStemBits);
  return n;
}

PackedNumber same_form(PackedNumber packed, bool sub_forms_equal) {
  const auto form = static_cast<SubForm>(form_of(packed));
  if (!sub_forms_equal || (form != SubForm::dash && form != SubForm::after)) return packed;
  return without_form(packed) | static_cast<PackedNumber>(SubForm::annex) << kFormShift;
}

PackedNumber without_form(PackedNumber packed) { return packed & ~(kThreeBits << kFormShift); }
PackedNumber without_sub(PackedNumber packed) { return without_form(packed) & ~(kTwentyBits << kSubShift); }

}  // namespace catchment::geo
