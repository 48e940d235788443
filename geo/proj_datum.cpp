#include "geo/proj_datum.hpp"

#include <algorithm>
#include <cmath>

namespace catchment::geo {

AreaOfUse area_with_slack(PJ_CONTEXT* context, const PJ* object) {
  constexpr double kSlackDeg = 6;
  double west = 0, south = 0, east = 0, north = 0;
  if (!proj_get_area_of_use(context, object, &west, &south, &east, &north, nullptr) || west < -180) return {};
  const double width = (east < west ? east + 360.0 : east) - west + 2 * kSlackDeg;
  AreaOfUse area;
  if (width < 360) {
    area.west = west - kSlackDeg < -180 ? west - kSlackDeg + 360 : west - kSlackDeg;
    area.width = width;
  }
  area.south = std::max(-90.0, south - kSlackDeg);
  area.north = std::min(90.0, north + kSlackDeg);
  return area;
}

PjPtr normalized(PJ_CONTEXT* context, const PjPtr& operation) {
  return PjPtr(operation ? proj_normalize_for_visualization(context, operation.get()) : nullptr);
}

bool is_null_operation(PJ* operation, const AreaOfUse& area) {
  for (int i = 0; i <= 4; ++i) {
    for (int j = 0; j <= 4; ++j) {
      const Degrees d = area.at((i + 0.5) / 5.0, (j + 0.5) / 5.0);
      const PJ_COORD out = proj_trans(operation, PJ_FWD, proj_coord(d.lon, d.lat, 0, 0));
      if (!(std::fabs(out.xy.x - d.lon) < 1e-11 && std::fabs(out.xy.y - d.lat) < 1e-11)) return false;
    }
  }
  return true;
}

namespace {

using PjListPtr = std::unique_ptr<PJ_OBJ_LIST, Destroyer<proj_list_destroy>>;
using FactoryPtr = std::unique_ptr<PJ_OPERATION_FACTORY_CONTEXT, Destroyer<proj_operation_factory_context_destroy>>;

// Finds the way from a geographic system to WGS 84 that is good for all of a projected system's area of use.
class DatumFinder {
 public:
  DatumFinder(PJ_CONTEXT* context, const PJ* crs, const PJ* base)
      : context_(context),
        area_(area_with_slack(context, crs)),
        base_(base),
        wgs84_(proj_create_from_database(context, "EPSG", "4326", PJ_CATEGORY_CRS, 0, nullptr)),
        factory_(proj_create_operation_factory_context(context, nullptr)) {
    proj_operation_factory_context_set_allow_ballpark_transformations(context_, factory_.get(), 0);
    proj_operation_factory_context_set_grid_availability_use(context_, factory_.get(),
                                                             PROJ_GRID_AVAILABILITY_DISCARD_OPERATION_IF_MISSING_GRID);
    double west = 0, south = 0, east = 0, north = 0;
    if (proj_get_area_of_use(context_, crs, &west, &south, &east, &north, nullptr) && west >= -180) {
      proj_operation_factory_context_set_area_of_interest(context_, factory_.get(), west, south, east, north);
    }
  }

  // Direct ones first: looking for ways through a third system takes 20 times as long.
  PjPtr published(bool through_others) {
    intermediates(PROJ_INTERMEDIATE_CRS_USE_NEVER);
    if (auto list = operations(); list && proj_list_get_count(list.get()) > 0) return at(list, 0);
    if (through_others) {
      intermediates(PROJ_INTERMEDIATE_CRS_USE_IF_NO_DIRECT_TRANSFORMATION);
      if (auto list = operations(); list && proj_list_get_count(list.get()) > 0) return at(list, 0);
      intermediates(PROJ_INTERMEDIATE_CRS_USE_NEVER);
    }
    return beyond_its_area();
  }

  PjPtr ballpark() {
    intermediates(PROJ_INTERMEDIATE_CRS_USE_NEVER);
    proj_operation_factory_context_set_allow_ballpark_transformations(context_, factory_.get(), 1);
    auto list = operations();
    const int count = list ? proj_list_get_count(list.get()) : 0;
    for (int i = 0; i < count; ++i) {
      const PjPtr operation(proj_list_get(context_, list.get(), i));
      if (proj_coordoperation_has_ballpark_transformation(context_, operation.get())) return at(list, i);
    }
    return nullptr;
  }

 private:
  PjListPtr operations() { return PjListPtr(proj_create_operations(context_, base_, wgs84_.get(), factory_.get())); }

  PjPtr at(const PjListPtr& list, int i) { return normalized(context_, PjPtr(proj_list_get(context_, list.get(), i))); }

  void intermediates(PROJ_INTERMEDIATE_CRS_USE use) {
    proj_operation_factory_context_set_allow_use_intermediate_crs(context_, factory_.get(), use);
  }

  // Two that are good outside what they are published for: a frame equal to WGS 84 in part of the area is equal in all
  // of it ("ETRS89-extended"), and a national transformation may leave out the sea its projected system also holds
  // (EPSG:27700). A basin's own transformation, as Beijing 1954 has two, is not good for a zone through all China.
  PjPtr beyond_its_area() {
    constexpr double kLeastShare = 0.6;
    constexpr double kWorstAccuracyM = 10;
    proj_operation_factory_context_set_spatial_criterion(context_, factory_.get(),
                                                         PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION);
    auto list = operations();
    const int count = list ? proj_list_get_count(list.get()) : 0;
    PjPtr most;
    double most_share = kLeastShare;
    for (int i = 0; i < count; ++i) {
      const PjPtr raw(proj_list_get(context_, list.get(), i));
      auto operation = normalized(context_, raw);
      if (!operation) continue;
      if (is_null_operation(operation.get(), area_)) return operation;
      const double accuracy_m = proj_coordoperation_get_accuracy(context_, raw.get());
      const double share = share_of_area(area_with_slack(context_, raw.get()));
      if (accuracy_m >= 0 && accuracy_m <= kWorstAccuracyM && share > most_share) {
        most_share = share;
        most = std::move(operation);
      }
    }
    return most;
  }

  double share_of_area(const AreaOfUse& other) const {
    constexpr int kSteps = 20;
    int held = 0;
    for (int i = 0; i < kSteps; ++i) {
      for (int j = 0; j < kSteps; ++j) held += other.holds(area_.at((i + 0.5) / kSteps, (j + 0.5) / kSteps)) ? 1 : 0;
    }
    return held / double{kSteps * kSteps};
  }

  PJ_CONTEXT* context_;
  AreaOfUse area_;
  const PJ* base_;
  PjPtr wgs84_;
  FactoryPtr factory_;
};

}  // namespace

PjPtr find_datum_operation(PJ_CONTEXT* context, const PJ* crs, const PJ* base, DatumSearch search) {
  DatumFinder finder(context, crs, base);
  return search == DatumSearch::ballpark ? finder.ballpark() : finder.published(search == DatumSearch::published);
}

}  // namespace catchment::geo
