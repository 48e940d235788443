#include "server/publish/canvas.hpp"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <cerrno>
#include <new>
#include <system_error>

namespace catchment::publish {
namespace {

// The first that the machine has: all draw simplified Chinese as mainland China writes it.
constexpr const char* kSans = "Noto Sans CJK SC, Source Han Sans SC, Noto Sans SC, WenQuanYi Micro Hei, sans-serif";
constexpr const char* kSerif = "Noto Serif CJK SC, Source Han Serif SC, Noto Serif SC, AR PL UMing CN, serif";

struct FreeLayout {
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
using LayoutHandle = std::unique_ptr<PangoLayout, FreeLayout>;
struct FreeSurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using SurfaceHandle = std::unique_ptr<cairo_surface_t, FreeSurface>;
struct FreeCairo {
  void operator()(cairo_t* cr) const { cairo_destroy(cr); }
};
using CairoHandle = std::unique_ptr<cairo_t, FreeCairo>;

void set_colour(cairo_t* cr, std::uint32_t colour, double opacity = 1) {
  cairo_set_source_rgba(cr, (colour >> 16 & 255u) / 255.0, (colour >> 8 & 255u) / 255.0, (colour & 255u) / 255.0,
                        opacity);
}

void trace(cairo_t* cr, const std::vector<Spot>& path, bool closed) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i == 0) {
      cairo_move_to(cr, path[i].x, path[i].y);
    } else {
      cairo_line_to(cr, path[i].x, path[i].y);
    }
  }
  if (closed) cairo_close_path(cr);
}

void draw_stroke(cairo_t* cr, const Stroke& stroke) {
  set_colour(cr, stroke.colour);
  cairo_set_line_width(cr, stroke.width);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_dash(cr, stroke.dash.data(), static_cast<int>(stroke.dash.size()), 0);
  cairo_stroke(cr);
  cairo_set_dash(cr, nullptr, 0, 0);
}

LayoutHandle make_layout(cairo_t* cr, const std::string& text, const TextStyle& style) {
  LayoutHandle layout(pango_cairo_create_layout(cr));
  PangoFontDescription* const font = pango_font_description_new();
  pango_font_description_set_family(font, style.face == Face::serif ? kSerif : kSans);
  pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
  pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  pango_layout_set_text(layout.get(), text.c_str(), static_cast<int>(text.size()));
  if (style.width > 0) {
    pango_layout_set_width(layout.get(), static_cast<int>(style.width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_spacing(layout.get(), static_cast<int>(style.size * 0.18 * PANGO_SCALE));
    if (style.align == Align::centre) pango_layout_set_alignment(layout.get(), PANGO_ALIGN_CENTER);
    if (style.height > 0) {
      pango_layout_set_height(layout.get(), static_cast<int>(style.height * PANGO_SCALE));
      pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    }
  }
  return layout;
}

Area size_of(PangoLayout* layout) {
  int width = 0, height = 0;
  pango_layout_get_size(layout, &width, &height);
  return {0, 0, width / static_cast<double>(PANGO_SCALE), height / static_cast<double>(PANGO_SCALE)};
}

void show_layout(cairo_t* cr, PangoLayout* layout, Spot at, const TextStyle& style) {
  if (style.halo > 0) {
    cairo_move_to(cr, at.x, at.y);
    pango_cairo_layout_path(cr, layout);
    draw_stroke(cr, {style.halo * 2, 0xffffff});
  }
  cairo_move_to(cr, at.x, at.y);
  set_colour(cr, style.colour);
  pango_cairo_show_layout(cr, layout);
}

void check_drawn(cairo_status_t status, const std::filesystem::path& file) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  if (status == CAIRO_STATUS_NO_MEMORY) throw std::bad_alloc();
  throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(),
                          file.string() + ": " + cairo_status_to_string(status));
}

}  // namespace

struct Canvas::Impl {
  cairo_t* cr = nullptr;
};

void Canvas::fill(const std::vector<std::vector<Spot>>& rings, std::uint32_t colour, double opacity) {
  for (const auto& ring : rings) trace(impl_.cr, ring, true);
  cairo_set_fill_rule(impl_.cr, CAIRO_FILL_RULE_EVEN_ODD);
  set_colour(impl_.cr, colour, opacity);
  cairo_fill(impl_.cr);
}

void Canvas::stroke(const std::vector<Spot>& path, bool closed, const Stroke& stroke) {
  trace(impl_.cr, path, closed);
  draw_stroke(impl_.cr, stroke);
}

void Canvas::fill(const Area& area, std::uint32_t colour, double opacity) {
  cairo_rectangle(impl_.cr, area.x, area.y, area.w, area.h);
  set_colour(impl_.cr, colour, opacity);
  cairo_fill(impl_.cr);
}

void Canvas::stroke(const Area& area, const Stroke& stroke) {
  cairo_rectangle(impl_.cr, area.x, area.y, area.w, area.h);
  draw_stroke(impl_.cr, stroke);
}

void Canvas::circle(Spot at, double radius, std::uint32_t fill_colour, const Stroke& edge) {
  cairo_new_sub_path(impl_.cr);
  cairo_arc(impl_.cr, at.x, at.y, radius, 0, 6.283185307179586);
  set_colour(impl_.cr, fill_colour);
  cairo_fill_preserve(impl_.cr);
  draw_stroke(impl_.cr, edge);
}

Area Canvas::text(Spot at, const std::string& text, const TextStyle& style) {
  const LayoutHandle layout = make_layout(impl_.cr, text, style);
  Area area = size_of(layout.get());
  const double box = style.width > 0 ? style.width : area.w;
  const double left = style.align == Align::left ? at.x : style.align == Align::centre ? at.x - box / 2 : at.x - box;
  area.x = left, area.y = at.y;
  show_layout(impl_.cr, layout.get(), {left, at.y}, style);
  return area;
}

void Canvas::turned_text(Spot middle, double angle, const std::string& text, const TextStyle& style) {
  const LayoutHandle layout = make_layout(impl_.cr, text, style);
  const Area area = size_of(layout.get());
  cairo_save(impl_.cr);
  cairo_translate(impl_.cr, middle.x, middle.y);
  cairo_rotate(impl_.cr, angle);
  show_layout(impl_.cr, layout.get(), {-area.w / 2, -area.h / 2}, style);
  cairo_restore(impl_.cr);
}

Area Canvas::measure(const std::string& text, const TextStyle& style) {
  return size_of(make_layout(impl_.cr, text, style).get());
}

void Canvas::clip(const Area& area, const std::function<void()>& draw) {
  cairo_save(impl_.cr);
  cairo_rectangle(impl_.cr, area.x, area.y, area.w, area.h);
  cairo_clip(impl_.cr);
  draw();
  cairo_restore(impl_.cr);
}

struct PdfFile::Impl {
  std::filesystem::path file;
  SurfaceHandle surface;
};

PdfFile::PdfFile(const std::filesystem::path& file, const std::string& title, const std::string& date)
    : impl_(std::make_unique<Impl>()) {
  errno = 0;
  impl_->file = file;
  impl_->surface.reset(cairo_pdf_surface_create(file.c_str(), 595, 842));
  check_drawn(cairo_surface_status(impl_->surface.get()), file);
  cairo_pdf_surface_set_metadata(impl_->surface.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(impl_->surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, (date + "T00:00:00").c_str());
}
PdfFile::~PdfFile() = default;

void PdfFile::add_page(double width, double height, const std::function<void(Canvas&)>& draw) {
  cairo_pdf_surface_set_size(impl_->surface.get(), width, height);
  const CairoHandle cr(cairo_create(impl_->surface.get()));
  Canvas::Impl handle{cr.get()};
  Canvas canvas(handle);
  draw(canvas);
  cairo_show_page(cr.get());
  check_drawn(cairo_status(cr.get()), impl_->file);
}

void PdfFile::finish() {
  cairo_surface_finish(impl_->surface.get());
  check_drawn(cairo_surface_status(impl_->surface.get()), impl_->file);
}

void write_png(const std::filesystem::path& file, double width, double height, double scale,
               const std::function<void(Canvas&)>& draw) {
  errno = 0;
  const SurfaceHandle surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(width * scale + 0.5),
                                                         static_cast<int>(height * scale + 0.5)));
  check_drawn(cairo_surface_status(surface.get()), file);
  const CairoHandle cr(cairo_create(surface.get()));
  set_colour(cr.get(), 0xffffff);
  cairo_paint(cr.get());
  cairo_scale(cr.get(), scale, scale);
  Canvas::Impl handle{cr.get()};
  Canvas canvas(handle);
  draw(canvas);
  check_drawn(cairo_status(cr.get()), file);
  check_drawn(cairo_surface_write_to_png(surface.get(), file.c_str()), file);
}

}  // namespace catchment::publish
