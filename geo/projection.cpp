#include "geo/projection.hpp"

#include <proj.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "geo/china_datum.hpp"
#include "geo/input_error.hpp"
#include "geo/proj_datum.hpp"

namespace catchment::geo {

std::shared_ptr<ProjContext> make_proj_context() { return std::make_shared<ProjContext>(); }

namespace {

constexpr double kNowhere = std::numeric_limits<double>::infinity();
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

enum class WebDatum { none, gcj02, bd09 };

enum class AxisOrder { east_north, north_east, other };

AxisOrder axis_order(PJ_CONTEXT* context, const PJ* crs) {
  const PjPtr system(proj_crs_get_coordinate_system(context, crs));
  if (!system || proj_cs_get_axis_count(context, system.get()) != 2) return AxisOrder::other;
  std::array<std::string_view, 2> direction;
  for (int i = 0; i < 2; ++i) {
    const char* text = nullptr;
    proj_cs_get_axis_info(context, system.get(), i, nullptr, nullptr, &text, nullptr, nullptr, nullptr, nullptr);
    direction[static_cast<std::size_t>(i)] = text != nullptr ? text : "";
  }
  if (direction[0] == "east" && direction[1] == "north") return AxisOrder::east_north;
  if (direction[0] == "north" && direction[1] == "east") return AxisOrder::north_east;
  return AxisOrder::other;
}

PjPtr open_crs(PJ_CONTEXT* context, const std::string& code) {
  const std::string number = code.substr(code.find(':') + 1);
  PjPtr crs(proj_create_from_database(context, "EPSG", number.c_str(), PJ_CATEGORY_CRS, 0, nullptr));
  if (!crs) throw InputError("crs_unknown", "", "PROJ knows no reference system " + code);
  const PJ_TYPE type = proj_get_type(crs.get());
  const PjPtr system(proj_crs_get_coordinate_system(context, crs.get()));
  const bool horizontal = (type == PJ_TYPE_PROJECTED_CRS || type == PJ_TYPE_GEOGRAPHIC_2D_CRS) && system &&
                          proj_cs_get_axis_count(context, system.get()) == 2;
  if (!horizontal) {
    throw InputError("crs_not_horizontal", "",
                     code + " (" + proj_get_name(crs.get()) + ") is not a horizontal system; name its horizontal part");
  }
  return crs;
}

}  // namespace

struct Projection::Impl {
  std::shared_ptr<ProjContext> context;  // outlives the PJs below
  PjPtr project;                         // geographic base -> projected; null for a geographic system
  PjPtr datum;                           // geographic base -> WGS 84; null if equal
  WebDatum web = WebDatum::none;
  bool north_first = false;
  bool authority_north_first = false;
  bool ballpark = false;
  AreaOfUse area;
  Xy low{-kNowhere, -kNowhere};  // what the area spans in the projection, so that nothing wraps around into it
  Xy high{kNowhere, kNowhere};

  Impl(const Crs& crs, Ballpark policy, std::shared_ptr<ProjContext> shared) : context(std::move(shared)) {
    north_first = crs.north_first;
    std::string code = crs.code;
    const auto cut = [&](std::string_view name, WebDatum kind) {
      if (!code.ends_with(name)) return;
      web = kind;
      code = code == name ? "EPSG:4490" : code.substr(0, code.size() - name.size() - 1);
    };
    cut("GCJ02", WebDatum::gcj02);
    cut("BD09", WebDatum::bd09);
    open(code, policy);
  }

  void open(const std::string& code, Ballpark policy) {
    PJ_CONTEXT* c = context->get();
    const PjPtr crs = open_crs(c, code);
    const AxisOrder order = axis_order(c, crs.get());
    authority_north_first = order == AxisOrder::north_east;
    if (north_first && order == AxisOrder::other) {
      throw InputError("crs_axis_order", "", code + " has no easting and northing whose order could be told");
    }
    const PjPtr base(proj_crs_get_geodetic_crs(c, crs.get()));
    if (proj_get_type(crs.get()) == PJ_TYPE_PROJECTED_CRS) {
      area = area_with_slack(c, crs.get());
      project = normalized(c, PjPtr(proj_create_crs_to_crs_from_pj(c, base.get(), crs.get(), nullptr, nullptr)));
      if (!project) throw InputError("crs_unknown", "", "PROJ cannot compute the projection of " + code);
    }
    open_datum(code, crs.get(), base.get(), policy);
    if (project) bound_projection();
  }

  void open_datum(const std::string& code, const PJ* crs, const PJ* base, Ballpark policy) {
    const char* base_code = proj_get_id_code(base, 0);
    if (base_code != nullptr && std::string_view(base_code) == "4490") return;
    const bool thorough = policy == Ballpark::refuse;
    datum = find_datum_operation(context->get(), crs, base,
                                 thorough ? DatumSearch::published : DatumSearch::published_directly);
    if (!datum && !thorough) {
      ballpark = true;
      datum = find_datum_operation(context->get(), crs, base, DatumSearch::ballpark);
    }
    if (!datum) {
      throw InputError("crs_no_transformation", "",
                       code + " (" + proj_get_name(crs) +
                           ") has no published transformation to CGCS2000; have the layer transformed by whoever "
                           "holds the control points");
    }
    if (is_null_operation(datum.get(), area)) datum.reset();
  }

  void bound_projection() {
    constexpr int kSteps = 24;
    Xy lowest{kNowhere, kNowhere};
    Xy highest{-kNowhere, -kNowhere};
    for (int i = 0; i <= kSteps; ++i) {
      for (int j = 0; j <= kSteps; ++j) {
        const Degrees d = area.at(double(i) / kSteps, double(j) / kSteps);
        const PJ_COORD out = proj_trans(project.get(), PJ_FWD, proj_coord(d.lon, d.lat, 0, 0));
        if (!std::isfinite(out.xy.x) || !std::isfinite(out.xy.y)) continue;
        lowest = {std::min(lowest.x, out.xy.x), std::min(lowest.y, out.xy.y)};
        highest = {std::max(highest.x, out.xy.x), std::max(highest.y, out.xy.y)};
      }
    }
    if (!(lowest.x < highest.x && lowest.y < highest.y)) return;
    const double margin = 1e-9 * (highest.x - lowest.x + highest.y - lowest.y);
    low = {lowest.x - margin, lowest.y - margin};
    high = {highest.x + margin, highest.y + margin};
  }

  bool spans(double x, double y) const { return low.x <= x && x <= high.x && low.y <= y && y <= high.y; }

  Degrees unshifted(Degrees d) const {
    if (web == WebDatum::gcj02) return cgcs2000_from_gcj02(d);
    if (web == WebDatum::bd09) return cgcs2000_from_bd09(d);
    return d;
  }

  Degrees shifted(Degrees d) const {
    if (web == WebDatum::gcj02) return gcj02_from_cgcs2000(d);
    if (web == WebDatum::bd09) return bd09_from_cgcs2000(d);
    return d;
  }

  static void run(PJ* operation, PJ_DIRECTION direction, std::span<Degrees> block) {
    if (operation == nullptr || block.empty()) return;
    constexpr std::size_t kStride = sizeof(Degrees);
    proj_trans_generic(operation, direction, &block[0].lon, kStride, block.size(), &block[0].lat, kStride, block.size(),
                       nullptr, 0, 0, nullptr, 0, 0);
  }

  // `block` holds (x, y) on entry.
  std::size_t to_degrees_in_place(std::span<Degrees> block) const {
    for (Degrees& d : block) {
      if (north_first) std::swap(d.lon, d.lat);
      if (!std::isfinite(d.lon) || !std::isfinite(d.lat) || !spans(d.lon, d.lat)) d = {kNone, kNone};
    }
    run(project.get(), PJ_INV, block);
    run(datum.get(), PJ_FWD, block);
    std::size_t converted = 0;
    for (Degrees& d : block) {
      if (area.holds(d)) d = unshifted(d);
      const bool good = area.holds(d);
      if (!good) d = {kNone, kNone};
      converted += good ? 1 : 0;
    }
    return converted;
  }
};

Projection::Projection(const Crs& crs, Ballpark ballpark, std::shared_ptr<ProjContext> context)
    : impl_(std::make_unique<Impl>(crs, ballpark, context ? std::move(context) : make_proj_context())) {}
Projection::~Projection() = default;
Projection::Projection(Projection&&) noexcept = default;
Projection& Projection::operator=(Projection&&) noexcept = default;

std::optional<Degrees> Projection::to_cgcs2000(double x, double y) const {
  Degrees d{x, y};
  if (impl_->to_degrees_in_place({&d, 1}) == 0) return std::nullopt;
  return d;
}

std::size_t Projection::to_cgcs2000(std::span<const Xy> from, std::span<Degrees> to) const {
  assert(from.size() == to.size());
  constexpr std::size_t kBlock = 4096;
  std::size_t converted = 0;
  for (std::size_t begin = 0; begin < from.size(); begin += kBlock) {
    const std::span<const Xy> source = from.subspan(begin, std::min(kBlock, from.size() - begin));
    const std::span<Degrees> block = to.subspan(begin, source.size());
    std::transform(source.begin(), source.end(), block.begin(), [](Xy p) { return Degrees{p.x, p.y}; });
    converted += impl_->to_degrees_in_place(block);
  }
  return converted;
}

std::optional<Xy> Projection::from_cgcs2000(Degrees position) const {
  if (!impl_->area.holds(position)) return std::nullopt;
  Degrees d = impl_->shifted(position);
  if (!std::isfinite(d.lon) || !std::isfinite(d.lat)) return std::nullopt;
  Impl::run(impl_->datum.get(), PJ_INV, {&d, 1});
  Impl::run(impl_->project.get(), PJ_FWD, {&d, 1});
  if (!std::isfinite(d.lon) || !std::isfinite(d.lat) || !impl_->spans(d.lon, d.lat)) return std::nullopt;
  if (impl_->north_first) return Xy{d.lat, d.lon};
  return Xy{d.lon, d.lat};
}

bool Projection::is_projected() const { return impl_->project != nullptr; }
bool Projection::is_plain_datum() const { return !impl_->datum && impl_->web == WebDatum::none && !impl_->ballpark; }
bool Projection::is_ballpark() const { return impl_->ballpark; }
bool Projection::authority_puts_north_first() const { return impl_->authority_north_first; }

std::vector<ListedCrs> list_crs(Degrees place, double margin_deg, const std::shared_ptr<ProjContext>& context) {
  std::unique_ptr<PROJ_CRS_LIST_PARAMETERS, Destroyer<proj_get_crs_list_parameters_destroy>> query(
      proj_get_crs_list_parameters_create());
  constexpr std::array kTypes{PJ_TYPE_PROJECTED_CRS, PJ_TYPE_GEOGRAPHIC_2D_CRS};
  query->types = kTypes.data();
  query->typesCount = kTypes.size();
  query->bbox_valid = 1;
  query->crs_area_of_use_contains_bbox = 0;
  query->west_lon_degree = place.lon - margin_deg;
  query->east_lon_degree = place.lon + margin_deg;
  query->south_lat_degree = place.lat - margin_deg;
  query->north_lat_degree = place.lat + margin_deg;
  int count = 0;
  std::unique_ptr<PROJ_CRS_INFO*, Destroyer<proj_crs_info_list_destroy>> list(
      proj_get_crs_info_list_from_database(context->get(), "EPSG", query.get(), &count));
  std::vector<ListedCrs> found;
  for (int i = 0; i < count; ++i) {
    const PROJ_CRS_INFO& info = *list.get()[i];
    AreaOfUse area{info.west_lon_degree, info.east_lon_degree - info.west_lon_degree, info.south_lat_degree,
                   info.north_lat_degree};
    if (area.width < 0) area.width += 360;
    found.push_back({std::string("EPSG:") + info.code, info.type == PJ_TYPE_PROJECTED_CRS, area.holds(place),
                     area.width * (area.north - area.south)});
  }
  std::sort(found.begin(), found.end(), [](const ListedCrs& a, const ListedCrs& b) {
    return a.code.size() != b.code.size() ? a.code.size() < b.code.size() : a.code < b.code;
  });
  return found;
}

}  // namespace catchment::geo
