// The atlas: a sheet of the city for each layer and a page for each of its schools, as a printed map of an authority:
// frame with degrees, scale as bar and ratio, north, legend, neighbours named, source and date, 审图号.
#pragma once

#include <string>
#include <vector>

#include "server/publish/bundle_parts.hpp"

namespace catchment::publish {

// atlas/atlas.pdf and atlas/<layer>/city.png, <school>.png. Returns how many sheets. Equal input gives equal bytes on
// one machine (fonts are the machine's). Throws Stopped.
std::size_t write_atlas(const BundleCity& city, const BundleOptions& options, const std::vector<LayerParts>& layers,
                        BundleDir& dir, const Report& report);

}  // namespace catchment::publish
