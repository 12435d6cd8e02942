import { fetchTrpc } from "../../../../server/fetch-trpc.ts";
import { services } from "../../../../server/services.ts";

const handle = (request: Request): Promise<Response> => fetchTrpc(request, services());

export { handle as GET, handle as POST };
