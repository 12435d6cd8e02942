import { fetchAuth } from "../../../../server/fetch-auth.ts";
import { services } from "../../../../server/services.ts";

const handle = (request: Request): Promise<Response> => fetchAuth(request, services());

export { handle as GET, handle as POST };
