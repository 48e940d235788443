#include "geo/gazetteer/tables.hpp"

namespace catchment::geo {
namespace {

constexpr int kSubShift = 10;
constexpr int kNumberShift = 30;
constexpr PackedNumber kTwentyBits = 0xfffff;
constexpr PackedNumber kNamedForm = 7;  // no SubForm has it

}  // namespace

PackedNumber pack(const DoorNumber& n) {
  if (n.number < 0 || (n.number == 0 && n.sub == 0 && n.stem == 0)) return 0;
  return (static_cast<PackedNumber>(n.number) & kTwentyBits) << kNumberShift |
         (static_cast<PackedNumber>(n.sub) & kTwentyBits) << kSubShift | static_cast<PackedNumber>(n.sub_form) << 7 |
         static_cast<PackedNumber>(n.series) << 4 | (n.stem & 0xfu);
}

PackedNumber pack_token(const AddressToken& token) {
  const PackedNumber number = pack(token.number);
  if (number != 0 || token.text.empty()) return number;
  const std::uint64_t hash = fingerprint(std::as_bytes(std::span(token.text)));
  return (hash & kTwentyBits) << kSubShift | kNamedForm << 7;
}

DoorNumber unpack(PackedNumber p) {
  DoorNumber n;
  if ((p >> 7 & 7) == kNamedForm) return n;
  n.number = static_cast<std::int32_t>(p >> kNumberShift & kTwentyBits);
  n.sub = static_cast<std::int32_t>(p >> kSubShift & kTwentyBits);
  n.sub_form = static_cast<SubForm>(p >> 7 & 7);
  n.series = static_cast<DoorSeries>(p >> 4 & 7);
  n.stem = static_cast<std::uint8_t>(p & 0xf);
  return n;
}

PackedNumber same_form(PackedNumber packed, bool sub_forms_equal) {
  const auto form = static_cast<SubForm>(packed >> 7 & 7);
  if (!sub_forms_equal || (form != SubForm::dash && form != SubForm::after)) return packed;
  return without_form(packed) | static_cast<PackedNumber>(SubForm::annex) << 7;
}

PackedNumber without_form(PackedNumber packed) { return packed & ~(PackedNumber{7} << 7); }
PackedNumber without_sub(PackedNumber packed) { return without_form(packed) & ~(kTwentyBits << kSubShift); }

}  // namespace catchment::geo
