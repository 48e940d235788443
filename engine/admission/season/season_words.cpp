#include "engine/admission/season/season_words.hpp"

#include <array>

namespace catchment::engine::admission {
namespace {

constexpr std::array<std::string_view, kChildStages> kStageWords{
    "unregistered", "registered", "rejected", "verified",       "private_choice", "waiting",  "drawn",
    "confirmed",    "forfeited",  "lost",     "public_pool",    "offered",        "locked",   "transferred",
    "in_class",     "enrolled",   "no_show",  "dropout_ledger", "deferred",       "withdrawn"};

constexpr std::array<std::string_view, kSeasonEvents> kEventWords{"register_online",
                                                                  "register_on_site",
                                                                  "register_late",
                                                                  "amend",
                                                                  "verify",
                                                                  "reject",
                                                                  "choose_private",
                                                                  "lock_first",
                                                                  "draw",
                                                                  "promote",
                                                                  "confirm",
                                                                  "pay",
                                                                  "forfeit",
                                                                  "end_line",
                                                                  "enter_pool",
                                                                  "offer",
                                                                  "accept",
                                                                  "lapse",
                                                                  "lock",
                                                                  "release",
                                                                  "transfer",
                                                                  "deal_class",
                                                                  "report",
                                                                  "no_report",
                                                                  "trace",
                                                                  "return_to_school",
                                                                  "defer",
                                                                  "withdraw",
                                                                  "approve_extra",
                                                                  "close"};

constexpr std::array<std::string_view, kSeasonGuards> kGuardWords{
    "one_registration", "in_window",     "overdue",       "approved", "one_choice", "right_school",
    "has_claim",        "claims_first",  "roll_complete", "one_draw", "one_seat",   "own_seat",
    "seat_free",        "next_in_line",  "line_over",     "by_clock", "by_receipt", "two_approvers",
    "both_districts",   "dwelling_free", "all_settled"};

constexpr std::array<std::string_view, kSeasonWindows> kWindowWords{"none",           "online",  "on_site", "late",
                                                                    "private_choice", "confirm", "accept",  "report"};

constexpr std::array<std::string_view, kSeasonHooks> kHookWords{
    "registration", "on_site", "late",     "evidence",         "private_choice", "direct_promotion", "draw",
    "waiting_list", "confirm", "forfeit",  "public_guarantee", "offer",          "seat_lock",        "release",
    "transfer",     "plan",    "dwelling", "classes",          "report",         "dropout",          "deferral"};

}  // namespace

std::string_view to_word(ChildStage stage) { return kStageWords.at(static_cast<std::size_t>(stage)); }
std::string_view to_word(SeasonEventKind kind) { return kEventWords.at(static_cast<std::size_t>(kind)); }
std::string_view to_word(SeasonGuard guard) { return kGuardWords.at(static_cast<std::size_t>(guard)); }
std::string_view to_word(SeasonWindow window) { return kWindowWords.at(static_cast<std::size_t>(window)); }
std::string_view to_word(SeasonHook hook) { return kHookWords.at(static_cast<std::size_t>(hook)); }

HoldsSeat holds_seat(ChildStage stage) {
  switch (stage) {
    case ChildStage::drawn:
    case ChildStage::confirmed:
    case ChildStage::offered:
    case ChildStage::locked:
    case ChildStage::transferred:
    case ChildStage::in_class:
    case ChildStage::enrolled:
    case ChildStage::no_show:
      return HoldsSeat::yes;
    case ChildStage::dropout_ledger:
      return HoldsSeat::perhaps;
    default:
      return HoldsSeat::no;
  }
}

}  // namespace catchment::engine::admission
