#include "engine/admission/lottery/waiting_list.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <tuple>

#include "engine/admission/lottery/proof_text.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

std::string moment_text(std::chrono::local_seconds at) {
  const auto minute = std::chrono::floor<std::chrono::minutes>(at);
  char text[16];
  std::snprintf(text, sizeof text, ":%02d", static_cast<int>((at - minute).count()));
  return proof_minute_text(minute) + text;
}

std::chrono::local_seconds read_moment(const ProofLine& line, std::string_view text) {
  const auto minute = find_proof_minute(text.substr(0, std::min<std::size_t>(text.size(), 16)));
  for (int second = 0; minute && text.size() == 19 && second < 60; ++second) {
    if (moment_text(*minute + std::chrono::seconds(second)) == text) return *minute + std::chrono::seconds(second);
  }
  refuse_proof(line.file, line.number, "moment", "must be YYYY-MM-DDTHH:MM:SS");
}

// The units of a result as seats are passed on.
class WaitingList {
 public:
  WaitingList(const Manifest& manifest, std::span<const ResultLine> result)
      : rule_(manifest.bundle), result_(result), state_(result.size()), left_(manifest.seats) {
    for (std::size_t i = 0; i < result.size(); ++i) {
      place_[result[i].code] = i;
      state_[i] = result[i].admitted ? State::seated : State::waiting;
      left_ -= result[i].admitted ? 1 : 0;
    }
  }

  void leave(const Code& code) {
    const auto at = place_.find(code);
    if (at == place_.end() || state_[at->second] == State::gone)
      throw InputError("draw_gone", std::string(view(code)), "is not in the result, or has left already");
    left_ += state_[at->second] == State::seated ? 1 : 0;
    state_[at->second] = State::gone;
  }

  // Indices into the result.
  std::vector<std::size_t> pass_on() {
    std::vector<std::size_t> in;
    for (std::size_t i = 0; i < result_.size() && left_ > 0;) {
      const std::size_t begin = i;
      int waiting = 0;
      for (; i < result_.size() && result_[i].rank == result_[begin].rank; ++i)
        waiting += state_[i] == State::waiting ? 1 : 0;
      if (waiting == 0 || (waiting > left_ && rule_ != BundleRule::over)) continue;
      left_ -= waiting;
      for (std::size_t k = begin; k < i; ++k) {
        if (state_[k] != State::waiting) continue;
        state_[k] = State::seated;
        in.push_back(k);
      }
    }
    return in;
  }

 private:
  enum class State : std::uint8_t { waiting, seated, gone };

  BundleRule rule_;
  std::span<const ResultLine> result_;
  std::vector<State> state_;
  std::map<Code, std::size_t> place_;
  int left_ = 0;
};

}  // namespace

std::vector<GoneChild> parse_gone(std::string_view text) {
  const std::vector<std::string_view> lines = proof_lines(kGoneFile, text);
  std::vector<GoneChild> gone;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ProofLine line{kGoneFile, i + 1, lines[i]};
    const auto c = proof_columns(line, {"moment", "code"});
    gone.push_back({read_moment(line, c[0]), proof_code(line, "code", c[1])});
    if (i != 0 && std::tie(gone[i - 1].at, gone[i - 1].code) >= std::tie(gone[i].at, gone[i].code))
      refuse_proof(kGoneFile, i + 1, "moment", "is not sorted by moment and code, or stands twice");
  }
  return gone;
}

std::vector<PromotedChild> parse_promotions(std::string_view text) {
  const std::vector<std::string_view> lines = proof_lines(kPromotionsFile, text);
  std::vector<PromotedChild> promotions;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ProofLine line{kPromotionsFile, i + 1, lines[i]};
    const auto c = proof_columns(line, {"moment", "rank", "code"});
    promotions.push_back({read_moment(line, c[0]), proof_number(line, "rank", c[1]), proof_code(line, "code", c[2])});
  }
  return promotions;
}

std::string print(std::span<const GoneChild> gone) {
  std::string text;
  for (const GoneChild& g : gone) text.append(moment_text(g.at)).append("\t").append(view(g.code)).append("\n");
  return text;
}

std::string print(std::span<const PromotedChild> promotions) {
  std::string text;
  for (const PromotedChild& p : promotions) {
    text.append(moment_text(p.at)).append("\t").append(std::to_string(p.rank)).append("\t");
    text.append(view(p.code)).append("\n");
  }
  return text;
}

std::vector<PromotedChild> pass_on_seats(const Manifest& manifest, std::span<const ResultLine> result,
                                         std::span<const GoneChild> gone) {
  if (manifest.waitlist == WaitlistRule::fresh)
    throw InputError("draw_waitlist", std::string(kManifestFile), "a fresh draw among those who wait gives seats on");
  WaitingList list(manifest, result);
  std::vector<PromotedChild> promotions;
  for (std::size_t i = 0; i < gone.size();) {
    const auto at = gone[i].at;
    for (; i < gone.size() && gone[i].at == at; ++i) list.leave(gone[i].code);
    if (manifest.waitlist_until && std::chrono::floor<std::chrono::days>(at) > *manifest.waitlist_until) continue;
    for (const std::size_t in : list.pass_on()) promotions.push_back({at, result[in].rank, result[in].code});
  }
  return promotions;
}

}  // namespace catchment::engine::admission
