#include "engine/model.hpp"

#include <gtest/gtest.h>

namespace catchment::engine {
namespace {

TEST(LayerKey, TextRoundTrips) {
  const LayerKey key{Stage::junior, 2024, "girls"};
  EXPECT_EQ(to_text(key), "junior/2024/girls");
  EXPECT_EQ(find_layer_key("junior/2024/girls"), key);
}

TEST(LayerKey, KindMayBeLeftOut) {
  EXPECT_EQ(find_layer_key("primary/2024"), (LayerKey{Stage::primary, 2024, "general"}));
}

TEST(LayerKey, RefusesWhatIsNoKey) {
  for (const char* text :
       {"", "primary", "nursery/2024", "primary/", "primary/20x4", "primary/2024/", "primary/99999"}) {
    EXPECT_EQ(find_layer_key(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace catchment::engine
