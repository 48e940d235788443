#include "engine/zone_text/reading/school_name.hpp"

#include <gtest/gtest.h>

namespace catchment::engine::zone_text {
namespace {

TEST(SchoolName, WhatStandsBeforeTheNameDoesNotTellTwoSchools) {
  for (const char* full : {"柳南市立柏山國民中學", "市立松區柏山國中", "柏山国中", "(市立柏山國民中學)"})
    EXPECT_EQ(same_school("柏山國中", full), SameSchool::yes) << full;
  EXPECT_EQ(same_school("柏山", "柳南市立柏山國民中學"), SameSchool::yes);
}

TEST(SchoolName, ANameThatEndsLikeAnotherMayBeShortForIt) {
  EXPECT_EQ(same_school("柏山國中", "市立仁柏山國民中學"), SameSchool::maybe);
  EXPECT_EQ(same_school("柳附小", "柳南师范大学附属小学"), SameSchool::maybe);
}

TEST(SchoolName, OtherCharactersOrAnotherLevelAreAnotherSchool) {
  EXPECT_EQ(same_school("海棠國中", "柳南市立柏山國民中學"), SameSchool::no);
  EXPECT_EQ(same_school("柏棠", "柳南市立柏山國民中學"), SameSchool::no);
  EXPECT_EQ(same_school("柏山國小", "柳南市立柏山國民中學"), SameSchool::no);
}

TEST(SchoolName, WithoutANameNobodyCanTell) {
  EXPECT_EQ(same_school("柏山國中", ""), SameSchool::maybe);
  EXPECT_EQ(same_school("", "柏山國中"), SameSchool::maybe);
}

}  // namespace
}  // namespace catchment::engine::zone_text
