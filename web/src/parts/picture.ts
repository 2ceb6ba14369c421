/* The engine of pictures. */
import "../ui/app";

export { RasterEngine } from "../engines/raster/engine";
