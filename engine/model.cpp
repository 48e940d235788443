#include "engine/model.hpp"

#include <array>
#include <charconv>

namespace catchment::engine {
namespace {

constexpr std::array<std::string_view, 3> kStageWords{"primary", "junior", "senior"};

}  // namespace

std::string_view to_word(Stage stage) { return kStageWords.at(static_cast<std::size_t>(stage)); }

std::optional<Stage> find_stage(std::string_view word) {
  for (std::size_t i = 0; i < kStageWords.size(); ++i) {
    if (kStageWords.at(i) == word) return static_cast<Stage>(i);
  }
  return std::nullopt;
}

std::string to_text(const LayerKey& key) {
  return std::string(to_word(key.stage)) + "/" + std::to_string(key.school_year) + "/" + key.kind;
}

std::optional<LayerKey> find_layer_key(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto stage = find_stage(text.substr(0, slash));
  std::string_view rest = text.substr(slash + 1);
  LayerKey key;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), key.school_year);
  if (!stage || error != std::errc{} || key.school_year < 1900 || key.school_year > 2200) return std::nullopt;
  key.stage = *stage;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  if (rest.empty()) return key;
  if (rest.front() != '/' || rest.size() == 1) return std::nullopt;
  key.kind = rest.substr(1);
  return key;
}

}  // namespace catchment::engine
