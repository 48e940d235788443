#include "engine/admission/season/transitions.hpp"

#include <array>

namespace catchment::engine::admission {
namespace {

constexpr std::uint32_t stage_bits(std::initializer_list<ChildStage> stages) {
  std::uint32_t bits = 0;
  for (const ChildStage stage : stages) bits |= 1u << static_cast<unsigned>(stage);
  return bits;
}

// The table; short words inside it only.
struct TransitionTable {
  using enum ChildStage;
  using Kind = SeasonEventKind;
  using Guard = SeasonGuard;
  using Effect = SeasonEffect;
  using Window = SeasonWindow;
  using Hook = SeasonHook;

  static constexpr std::uint32_t kEverySeasonStage = (1u << kChildStages) - 1;
  static constexpr std::uint32_t kSeated =
      stage_bits({drawn, confirmed, offered, locked, transferred, in_class, enrolled, no_show});
  static constexpr std::uint32_t kBeforePlacement =
      stage_bits({registered, rejected, verified, private_choice, waiting, forfeited, lost, public_pool});

  // clang-format off
static constexpr Transition kRows[]{
    // registration and evidence
    {kEverySeasonStage, Kind::register_online, {Guard::one_registration, Guard::in_window}, registered, Effect::nothing, Window::online, Hook::registration},
    {kEverySeasonStage & ~stage_bits({rejected}), Kind::register_on_site, {Guard::one_registration, Guard::in_window}, registered, Effect::nothing, Window::on_site, Hook::on_site},
    {stage_bits({rejected}), Kind::register_on_site, {Guard::in_window}, registered, Effect::nothing, Window::on_site, Hook::on_site},
    {kEverySeasonStage & ~stage_bits({rejected}), Kind::register_late, {Guard::one_registration, Guard::in_window, Guard::approved}, registered, Effect::nothing, Window::late, Hook::late},
    {stage_bits({rejected}), Kind::register_late, {Guard::in_window, Guard::approved}, registered, Effect::nothing, Window::late, Hook::late},
    {stage_bits({registered, rejected, verified}), Kind::amend, {Guard::in_window}, registered, Effect::nothing, Window::online, Hook::evidence},
    {stage_bits({registered}), Kind::verify, {}, verified, Effect::nothing, Window::none, Hook::evidence},
    {stage_bits({registered}), Kind::reject, {}, rejected, Effect::nothing, Window::none, Hook::evidence},
    // direct promotion and policy locks first
    {stage_bits({verified}) | kSeated, Kind::lock_first, {Guard::right_school, Guard::has_claim, Guard::one_seat, Guard::seat_free, Guard::dwelling_free}, locked, Effect::take_seat, Window::none, Hook::direct_promotion},
    // private choice; who won takes the seat or lets it go by
    {stage_bits({verified, private_choice, waiting}), Kind::choose_private, {Guard::in_window, Guard::one_choice, Guard::right_school}, private_choice, Effect::set_choice, Window::private_choice, Hook::private_choice},
    {stage_bits({waiting}), Kind::promote, {Guard::one_seat, Guard::seat_free, Guard::next_in_line}, drawn, Effect::take_seat, Window::none, Hook::waiting_list},
    {stage_bits({drawn}), Kind::confirm, {Guard::in_window, Guard::by_clock}, confirmed, Effect::nothing, Window::confirm, Hook::confirm},
    {stage_bits({drawn}), Kind::pay, {Guard::in_window, Guard::by_receipt}, confirmed, Effect::nothing, Window::confirm, Hook::confirm},
    {stage_bits({drawn}), Kind::forfeit, {Guard::overdue}, forfeited, Effect::free_seat, Window::confirm, Hook::forfeit},
    {stage_bits({waiting}), Kind::end_line, {Guard::line_over}, lost, Effect::nothing, Window::none, Hook::waiting_list},
    // the public guarantee
    {stage_bits({verified, forfeited, lost}), Kind::enter_pool, {}, public_pool, Effect::nothing, Window::none, Hook::public_guarantee},
    {stage_bits({public_pool}) | kSeated, Kind::offer, {Guard::right_school, Guard::one_seat, Guard::seat_free, Guard::dwelling_free}, offered, Effect::take_seat, Window::none, Hook::offer},
    {stage_bits({offered}), Kind::accept, {Guard::in_window}, confirmed, Effect::nothing, Window::accept, Hook::offer},
    {stage_bits({offered}), Kind::lapse, {Guard::overdue}, public_pool, Effect::free_seat, Window::accept, Hook::offer},
    {stage_bits({confirmed, offered}), Kind::lock, {}, locked, Effect::nothing, Window::none, Hook::seat_lock},
    {stage_bits({confirmed, locked, transferred, in_class, enrolled, no_show}), Kind::release, {Guard::two_approvers}, public_pool, Effect::free_seat, Window::none, Hook::release},
    {stage_bits({locked, in_class, enrolled}), Kind::transfer, {Guard::right_school, Guard::seat_free, Guard::two_approvers, Guard::both_districts, Guard::dwelling_free}, transferred, Effect::exchange_seat, Window::none, Hook::transfer},
    // term begins
    {stage_bits({locked, transferred}), Kind::deal_class, {}, in_class, Effect::nothing, Window::none, Hook::classes},
    {stage_bits({in_class, no_show}), Kind::report, {Guard::in_window}, enrolled, Effect::nothing, Window::report, Hook::report},
    {stage_bits({in_class}), Kind::no_report, {Guard::overdue}, no_show, Effect::nothing, Window::report, Hook::report},
    {stage_bits({no_show, dropout_ledger}), Kind::return_to_school, {Guard::own_seat}, enrolled, Effect::nothing, Window::none, Hook::dropout},
    {stage_bits({unregistered, rejected, no_show}), Kind::trace, {Guard::overdue}, dropout_ledger, Effect::nothing, Window::report, Hook::dropout},
    // who leaves
    {stage_bits({registered, verified}), Kind::defer, {Guard::approved}, deferred, Effect::nothing, Window::none, Hook::deferral},
    {kBeforePlacement, Kind::withdraw, {}, withdrawn, Effect::drop_choice, Window::none, Hook::registration},
};
  // clang-format on
};

using RowIndex = std::array<std::array<std::int8_t, kSeasonEvents>, kChildStages>;

constexpr RowIndex index_transitions() {
  RowIndex index{};
  for (auto& row : index) row.fill(-1);
  for (std::size_t i = 0; i < std::size(TransitionTable::kRows); ++i) {
    for (std::size_t s = 0; s < kChildStages; ++s) {
      std::int8_t& at = index[s][static_cast<std::size_t>(TransitionTable::kRows[i].on)];
      if (!TransitionTable::kRows[i].leaves(static_cast<ChildStage>(s))) continue;
      if (at >= 0) throw "two rows for one stage and event";  // at build time
      at = static_cast<std::int8_t>(i);
    }
  }
  return index;
}

constexpr RowIndex kRowIndex = index_transitions();

}  // namespace

std::span<const Transition> transitions() { return TransitionTable::kRows; }

const Transition* find_transition(ChildStage from, SeasonEventKind on) {
  const std::int8_t row = kRowIndex[static_cast<std::size_t>(from)][static_cast<std::size_t>(on)];
  return row < 0 ? nullptr : &TransitionTable::kRows[static_cast<std::size_t>(row)];
}

SeasonHook hook_of(SeasonGuard guard, SeasonHook of_transition) {
  switch (guard) {
    case SeasonGuard::one_registration:
      return SeasonHook::registration;
    case SeasonGuard::one_seat:
      return SeasonHook::seat_lock;
    case SeasonGuard::seat_free:
      return SeasonHook::plan;
    case SeasonGuard::dwelling_free:
      return SeasonHook::dwelling;
    case SeasonGuard::claims_first:
    case SeasonGuard::has_claim:
      return SeasonHook::direct_promotion;
    case SeasonGuard::next_in_line:
    case SeasonGuard::line_over:
      return SeasonHook::waiting_list;
    case SeasonGuard::all_settled:
      return SeasonHook::public_guarantee;
    default:
      return of_transition;
  }
}

}  // namespace catchment::engine::admission
